using Holdfast.Core.Problems;
using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>Looks into a package without trusting it.</summary>
public static class PackageReader
{
    /// <summary>Checks the structure and reads what describes the package; files are neither read nor digested.</summary>
    public static Outcome<PackageInfo> Inspect(string file) => throw new NotImplementedException();
}
