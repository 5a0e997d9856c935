using Holdfast.Core.Problems;
using Holdfast.Node.Backups;
using Holdfast.Packaging.Building;
using Holdfast.Packaging.Content;

namespace Holdfast.Node.Packages;

/// <summary>An admitted package as an archive again, for a node that has none of it.</summary>
internal static class PackageGiving
{
    /// <summary>The archive, if the package is here and its files are still what was admitted. Whoever reads it holds the package (<see cref="PackageStore.Hold"/>).</summary>
    public static Outcome<PackageArchive> Open(PackageStore packages, string digest) => packages.Check(digest).Then(package =>
    {
        try
        {
            return PackageArchive.Of(
                PackageContents.Unpacked(PackageContents.Description(package)), path => Path.Combine(package.FilesFolder, path.Replace('/', Path.DirectorySeparatorChar)));
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read the package {digest}");
        }
    });
}
