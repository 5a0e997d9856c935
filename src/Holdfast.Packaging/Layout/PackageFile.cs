using Holdfast.Core.Services;

namespace Holdfast.Packaging.Layout;

/// <summary>One file of a package, as its manifest states it.</summary>
/// <param name="Path">With forward slashes, relative, safe on every operating system.</param>
/// <param name="Digest"><c>sha256:…</c> of the content.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Mode">Four octal digits; follows from <see cref="Access"/> and whether it is executable.</param>
/// <param name="Access">Who may do what with it.</param>
public sealed record PackageFile(string Path, string Digest, long Size, string Mode, AccessClass Access);
