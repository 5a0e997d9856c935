using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>What changed between two packages.</summary>
public sealed record PackageDifference
{
    public required PackageInfo Old { get; init; }

    public required PackageInfo New { get; init; }

    /// <summary>Sorted by path; unchanged files are not in it.</summary>
    public required IReadOnlyList<FileDifference> Files { get; init; }

    /// <summary>The lines of <c>holdfast.yaml</c> that differ: <c>-old</c>, <c>+new</c>, with a space before those around them.</summary>
    public required IReadOnlyList<string> SpecLines { get; init; }

    /// <summary>Same identity: same files, same spec, same name and version.</summary>
    public bool IsSame => Old.Digest == New.Digest;
}

public enum FileChange
{
    Added,
    Removed,

    /// <summary>Other content.</summary>
    Content,

    /// <summary>Same content, other mode or access class.</summary>
    Rights,
}

/// <param name="Path">Relative to the package.</param>
/// <param name="Change">What happened to it.</param>
/// <param name="Old">Null when added.</param>
/// <param name="New">Null when removed.</param>
public sealed record FileDifference(string Path, FileChange Change, PackageFile? Old, PackageFile? New);
