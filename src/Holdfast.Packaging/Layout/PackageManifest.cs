namespace Holdfast.Packaging.Layout;

/// <summary>The manifest: what is in the package. Its canonical bytes are what is signed, and their digest is the package's identity.</summary>
/// <param name="Name">The service.</param>
/// <param name="Version">Of the package.</param>
/// <param name="Spec">The blob of <c>holdfast.yaml</c>.</param>
/// <param name="Files">Sorted by path.</param>
internal sealed record PackageManifest(string Name, string Version, Descriptor Spec, IReadOnlyList<PackageFile> Files);
