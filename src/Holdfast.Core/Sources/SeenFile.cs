namespace Holdfast.Core.Sources;

/// <summary>How a file's name stands to the patterns of a service.</summary>
public enum FileKind
{
    /// <summary>It has nothing to do with them.</summary>
    Other,

    /// <summary>What rotation makes of a name that matches: <c>app.log.1</c> where <c>app.log</c> does.</summary>
    Rotated,

    /// <summary>It matches.</summary>
    Wanted,
}

/// <summary>A regular file as a look at its folder showed it.</summary>
/// <param name="Path">As the output shows it.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Stamp">When it was written last, in whatever the file system counts: another one means that it may have other content.</param>
/// <param name="Encoding">Of the pattern that it has to do with.</param>
public sealed record SeenFile(FileIdentity Identity, string Path, long Length, FileKind Kind, long Stamp = 0, string Encoding = "utf-8")
{
    /// <summary>
    /// So much of it was there before its folder was listed: what is read up to there was there before any copy of it that the look does not show. In bytes; null: all of it.
    /// </summary>
    public long? Readable { get; init; }
}

/// <summary>What a look at the folders showed.</summary>
/// <param name="Files">All regular files of the folders, whatever their names.</param>
/// <param name="IsWhole">False: not all could be looked at, and a file that is not among them may still be there.</param>
public sealed record FolderLook(IReadOnlyList<SeenFile> Files, bool IsWhole = true);
