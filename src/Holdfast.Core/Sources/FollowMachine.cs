namespace Holdfast.Core.Sources;

/// <summary>
/// Which file is which, after whatever was done to them between two looks: renamed, copied and emptied, written anew, deleted, or another one with the inode of one that is gone. A file is
/// what it was as long as what was read of it stands in it; its name says only whether it is to be read at all.
/// </summary>
/// <remarks>Regressions: vector#23076, vector#22954, vector#23619, fluent-bit#1330, fluent-bit#9580, beats#1341, beats#1956, beats#36541.</remarks>
public static class FollowMachine
{
    /// <summary>So many files of one instance are read, at most.</summary>
    public const int MostFiles = 1000;

    /// <summary>What has the content of a file that is followed is taken for a copy that is being made while it grows, and so long after that.</summary>
    public static readonly TimeSpan CopyWait = TimeSpan.FromSeconds(10);

    /// <summary>And so long altogether: two files that are always the same are two.</summary>
    public static readonly TimeSpan LongestCopy = TimeSpan.FromMinutes(2);

    /// <summary>So many looks in a row, and <see cref="GoneAfter"/>, make a file that they do not show one that is gone.</summary>
    public const int GoneLooks = 3;

    /// <summary>A file that was not seen for so long is gone: a look at a folder in which files are renamed meanwhile may miss one that is there.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(3);

    /// <param name="state">As it was after the last look, and what was read since.</param>
    /// <param name="folders">What they show now.</param>
    /// <param name="proof">The proof of a file's content up to an offset (<see cref="FileProof"/>); null: it cannot be read, or not so far.</param>
    /// <param name="isOpen">Whether a file is held open: then it can be read although nothing leads to it any more, and no other one can have its identity.</param>
    /// <param name="now">On a clock that does not jump.</param>
    public static FollowStep Look(FollowState state, FolderLook folders, Func<SeenFile, long, string?> proof, Func<FileIdentity, bool> isOpen, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(isOpen);
        var look = new LookAtFolders(state, folders, proof, now);
        foreach (var file in state.Files) look.Judge(file, isOpen(file.Identity));
        look.FindTheReplaced();
        look.TakeUpTheNew();
        return look.End();
    }
}
