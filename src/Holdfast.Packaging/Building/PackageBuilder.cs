using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Packaging.Building;

/// <summary>Makes a package of a folder: the same folder and spec give the same bytes, on any machine.</summary>
public static class PackageBuilder
{
    /// <summary>The name that <c>pack</c> gives when none is asked for: <c>payments-1.0.0.hfpkg</c>.</summary>
    public static string FileNameFor(ServiceSpec spec) => $"{spec.Name}-{spec.Version}.hfpkg";

    /// <summary>Packs the files that the spec names (or, when it names none, all but hidden ones) and writes the unsigned package.</summary>
    /// <param name="folder">What the spec's paths are relative to.</param>
    /// <param name="specFile">The bytes of <c>holdfast.yaml</c> that <paramref name="spec"/> was read from; they travel in the package as they are.</param>
    /// <param name="spec">What they mean.</param>
    /// <param name="output">The file to write; replaced in one step, or left alone when something is wrong.</param>
    public static Outcome<PackedPackage> Pack(string folder, ReadOnlyMemory<byte> specFile, ServiceSpec spec, string output) =>
        throw new NotImplementedException();
}
