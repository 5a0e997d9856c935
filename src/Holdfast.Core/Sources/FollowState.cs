namespace Holdfast.Core.Sources;

/// <summary>The files of one instance that lines are read from.</summary>
public sealed record FollowState
{
    /// <summary>Nobody has looked yet: names that rotation has made before that are of lines that nobody asked for.</summary>
    public static FollowState Begin { get; } = new();

    public bool HasLooked { get; init; }

    public IReadOnlyList<FollowedFile> Files { get; init; } = [];

    /// <summary>Files that look as if they were copies of one that is followed.</summary>
    public IReadOnlyList<WaitingFile> Waiting { get; init; } = [];

    public FollowedFile? Find(FileIdentity identity) => Files.FirstOrDefault(file => file.Identity == identity);

    /// <summary>The file with the same identity is this one now.</summary>
    public FollowState With(FollowedFile changed) => this with { Files = [.. Files.Select(file => file.Identity == changed.Identity ? changed : file)] };

    /// <summary>
    /// What a block in the segments says is later than what was kept of its file: lines and the place behind them are on the disk together, so that after a kill nothing is read twice.
    /// </summary>
    /// <param name="written">The file as it was when the block was written.</param>
    public FollowState After(FollowedFile written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return Find(written.Identity) is { } before
            ? With(written with { Known = Math.Max(written.Known, before.Known) })
            : this with { Files = [.. Files, written] };
    }
}

/// <summary>A file that has the content of one that is followed, as far as it goes.</summary>
/// <param name="Original">The one that is followed.</param>
/// <param name="Since">When it was seen first.</param>
/// <param name="Grew">When it was seen to grow last.</param>
public sealed record WaitingFile(FileIdentity Identity, FileIdentity Original, long Length, TimeSpan Since, TimeSpan Grew);
