using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Building;

/// <summary>What was packed.</summary>
/// <param name="Path">The written file.</param>
/// <param name="Digest">The package's identity, <c>sha256:…</c></param>
/// <param name="Name">The service.</param>
/// <param name="Version">Of the package.</param>
/// <param name="Files">Sorted by path.</param>
/// <param name="PackageBytes">Size of the written file.</param>
public sealed record PackedPackage(string Path, string Digest, string Name, string Version, IReadOnlyList<PackageFile> Files, long PackageBytes);
