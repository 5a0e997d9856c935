using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// Verifies tree and checkpoint of a log's folder against its entries, while it may be appended to: made before the entries are read,
/// fed with them, and asked at the end. What the file has beyond the checkpoint is not judged: nobody synced it, and nobody signed it.
/// </summary>
internal sealed class AuditTreeCheck : IDisposable
{
    private readonly AuditTreeFile? file;
    private readonly byte[]? note;
    private readonly NoteKey? key;
    private readonly Checkpoint? checkpoint;
    private readonly string why = "";
    private readonly long covered;
    private AuditFinding? changed;
    private long last;

    private AuditTreeCheck(byte[]? note, AuditTreeFile? file, NoteKey? key)
    {
        (this.note, this.file, this.key) = (note, file, key);
        if (note is not null && key is not null)
            checkpoint = Checkpoint.Open(note, key, out why);
        else if (note is not null && SignedNote.Parse(note, out why) is { } read)
            checkpoint = Checkpoint.Parse(read.Text);
        covered = Math.Min(file?.Entries ?? 0, checkpoint?.Size ?? long.MaxValue);
    }

    public static AuditFinding CheckpointLost(long sequence) => new(
        AuditFault.CheckpointLost, sequence, $"The file '{AuditCheckpointFile.Name}' is missing, and entries say that checkpoints were signed.");

    /// <param name="key">Of the log; null: nobody knows it here, and signatures are not checked.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static AuditTreeCheck Begin(string folder, NoteKey? key)
    {
        // The checkpoint first: what comes after it only makes the tree longer.
        var note = AuditCheckpointFile.Read(folder);
        return new(note, AuditTreeFile.Look(folder), key);
    }

    /// <param name="sequence">By its place in the files.</param>
    /// <param name="line">Its newline included.</param>
    public void Add(long sequence, ReadOnlySpan<byte> line)
    {
        last = sequence;
        if (file is null || changed is not null || sequence < file.First || sequence - file.First >= covered)
            return;
        if (file.Read(0, sequence - file.First) != TreeHash.Leaf(line[..^1]))
            changed = new(AuditFault.TreeChanged, sequence, $"Entry {sequence} is not the one whose hash the tree holds.");
    }

    /// <summary>What is wrong with the tree and the checkpoint, and the checkpoint where it fits.</summary>
    /// <param name="origin">What the last entry that names an origin says; null: none does.</param>
    public (IReadOnlyList<AuditFinding> Findings, Checkpoint? Fits) Finish(string? origin)
    {
        var findings = new List<AuditFinding>();
        if (note is null && key is not null && origin is not null)
            findings.Add(CheckpointLost(last));
        if (note is not null && checkpoint is null)
            findings.Add(Changed($"it does not count: {(why.Length > 0 ? why : "its text is no checkpoint")}"));
        if (checkpoint is not null && key is not null && origin is not null && checkpoint.Origin != origin)
            findings.Add(Changed($"it is of {checkpoint.Origin}, and the entries are of {origin}"));
        if (changed is not null)
            findings.Add(changed);
        var fits = false;
        if (file is null && checkpoint is not null)
            findings.Add(new(AuditFault.TreeChanged, 0, $"The file '{AuditTreeFile.Name}' is missing or unreadable."));
        else if (file is not null && changed is null)
            fits = Nodes(file, findings);
        return (findings, fits && findings.Count == 0 ? checkpoint : null);
    }

    public void Dispose() => file?.Dispose();

    /// <summary>Every hash above the entries is made anew, and the root is held against the one that was signed.</summary>
    private bool Nodes(AuditTreeFile file, List<AuditFinding> findings)
    {
        var range = new TreeRange();
        for (long index = 0; index < covered; index++)
        {
            var whole = range.Append(file.Read(0, index));
            for (var level = 1; level < whole.Count; level++)
            {
                if (file.Read(level, index >> level) == whole[level])
                    continue;
                findings.Add(new(AuditFault.TreeChanged, file.First + index, $"A hash of the tree that entry {file.First + index} completes is not what was written."));
                return false;
            }
        }

        if (checkpoint is null)
            return false;
        if (range.Size < checkpoint.Size)
            findings.Add(new(AuditFault.TreeChanged, file.First + range.Size, $"The tree ends with entry {file.First + range.Size - 1}, and the checkpoint signs {checkpoint.Size} entries."));
        else if (checkpoint.Size > last - file.First + 1)
            findings.Add(new(AuditFault.Truncated, last + 1, $"The log ends with entry {last}, and the checkpoint signs {checkpoint.Size} entries from {file.First} on."));
        else if (range.Root() != checkpoint.Root)
            findings.Add(Changed("its root is not that of the tree"));
        else
            return true;
        return false;
    }

    private AuditFinding Changed(string how) => new(AuditFault.CheckpointChanged, last, $"The checkpoint is not one of this log: {how}.");
}
