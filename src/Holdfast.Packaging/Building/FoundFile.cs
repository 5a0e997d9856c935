namespace Holdfast.Packaging.Building;

/// <summary>A file of the folder that is packed.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Source">Where its content is: the file itself, or the file of the same folder that a link leads to.</param>
internal sealed record FoundFile(string Path, string Source);
