using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Telemetry.Auditing;

/// <summary>What opening a log's tree found.</summary>
/// <param name="File">Open, with the hashes of <paramref name="Range"/> but those of the last entries, which are in <paramref name="Owed"/>.</param>
/// <param name="Range">Of all entries of the log.</param>
/// <param name="Owed">Hashes that are not in the file yet, in its order.</param>
/// <param name="Checkpoint">The last one that was signed; null: none was.</param>
/// <param name="WasRebuilt">The file was not what had been written, and the entries made it again.</param>
internal sealed record AuditTreeRecovery(AuditTreeFile File, TreeRange Range, List<TreeHash> Owed, Checkpoint? Checkpoint, bool WasRebuilt)
{
    /// <summary>How many hashes go to the disk at once while a tree is made anew.</summary>
    private const int Chunk = 4096;

    /// <summary>
    /// The tree of the log's entries. Up to the checkpoint the file is believed as far as its root is the one that was signed; what comes after is
    /// made from the entries, because nobody synced it. A file that is not believed is made anew, where the entries are still there.
    /// </summary>
    /// <param name="folder">The log's, recovered: its last file ends with a whole entry.</param>
    /// <param name="head">Of the log.</param>
    /// <param name="options">Of the log.</param>
    /// <param name="finding">What is wrong, where the answer is null.</param>
    /// <exception cref="IOException">The tree cannot be read or written.</exception>
    public static AuditTreeRecovery? Run(string folder, AuditHead head, AuditOptions options, out AuditFinding? finding)
    {
        var files = AuditFile.List(folder);
        var note = options.IsCopy ? null : AuditCheckpointFile.Read(folder);
        finding = null;
        Checkpoint? checkpoint = null;
        if (note is not null)
        {
            checkpoint = Believed(note, options.Signer?.Key, out var why);
            if (checkpoint is null)
                finding = new(AuditFault.CheckpointChanged, head.Sequence, $"The checkpoint does not count: {why}.");
        }
        else if (!options.IsCopy && options.Signer is not null && NamesOrigin(files))
        {
            finding = AuditTreeCheck.CheckpointLost(head.Sequence);
        }

        if (finding is not null)
            return null;
        using var old = new Owner(AuditTreeFile.Open(folder));
        var first = old.File?.First ?? (files.Count > 0 ? files[0].FirstSequence : head.Sequence + 1);
        if (checkpoint?.Size > head.Sequence - first + 1)
        {
            finding = new(AuditFault.Truncated, head.Sequence + 1, $"The log ends with entry {head.Sequence}, but the checkpoint signs {checkpoint.Size} entries from {first} on.");
            return null;
        }

        if (old.File is { } file && checkpoint is not null && file.Entries >= checkpoint.Size && TreeRange.Of(checkpoint.Size, file.Read) is var range && range.Root() == checkpoint.Root)
        {
            file.Cut(checkpoint.Size);
            finding = Follow(file, range, files, head, out var owed);
            if (finding is null)
                return new(old.Release(), range, owed, checkpoint, WasRebuilt: false);
            if (finding.Fault != AuditFault.TreeChanged)
                return null;
            // It is either the entry or its hash in the file: made anew from the entries, the root says which.
        }

        return Rebuild(folder, files, old.File, first, head, options, checkpoint, out finding);
    }

    /// <summary>Takes what came after the checkpoint; the last file is read all the same, so what was signed of it is looked at, too.</summary>
    private static AuditFinding? Follow(AuditTreeFile file, TreeRange range, IReadOnlyList<AuditFile> files, AuditHead head, out List<TreeHash> owed)
    {
        owed = [];
        var signed = file.First + range.Size;
        var sequence = files.Count > 0 ? Math.Max(file.First, Math.Min(signed, files[^1].FirstSequence)) : signed;
        foreach (var leaf in Leaves(files, sequence, head.Sequence))
        {
            if (sequence >= signed)
                range.Append(leaf, owed);
            else if (file.Read(0, sequence - file.First) != leaf)
                return new(AuditFault.TreeChanged, sequence, $"Entry {sequence} is not the one that was signed.");
            sequence++;
        }

        return sequence == head.Sequence + 1 ? null : Missing(sequence);
    }

    private static AuditTreeRecovery? Rebuild(
        string folder, IReadOnlyList<AuditFile> files, AuditTreeFile? old, long first, AuditHead head, AuditOptions options, Checkpoint? checkpoint, out AuditFinding? finding)
    {
        var start = files.Count > 0 ? files[0].FirstSequence : head.Sequence + 1;
        finding = null;
        // Of entries that were retired only the old file has the hashes.
        if (start > first && (old is null || old.Entries < start - first))
            finding = new(AuditFault.TreeChanged, first, $"The file '{AuditTreeFile.Name}' is not what was written, and the entries before {start} that it could be made from are gone.");
        if (finding is not null)
            return null;
        using var made = new Owner(AuditTreeFile.Begin(folder, first));
        var range = new TreeRange();
        var pending = new List<TreeHash>();
        long written = 0;
        var rootAsSigned = checkpoint is null || (checkpoint.Size == 0 && checkpoint.Root == TreeHash.Empty);
        foreach (var leaf in Retired(old, start - first).Concat(Leaves(files, Math.Max(start, first), head.Sequence)))
        {
            range.Append(leaf, pending);
            rootAsSigned |= checkpoint?.Size == range.Size && range.Root() == checkpoint.Root;
            if (pending.Count < Chunk)
                continue;
            made.File!.Write(written, pending);
            written += pending.Count;
            pending.Clear();
        }

        finding = range.Size != head.Sequence - first + 1 ? Missing(first + range.Size)
            : rootAsSigned ? null
            : new(AuditFault.TreeChanged, first, $"The first {checkpoint!.Size} entries are not those that the checkpoint signs.");
        if (finding is not null)
            return null;
        made.File!.Write(written, pending);
        // Windows replaces no file that is open.
        old?.Dispose();
        made.File.Publish(folder, options.SyncFolder);
        return new(made.Release(), range, [], checkpoint, WasRebuilt: checkpoint is not null);
    }

    private static IEnumerable<TreeHash> Retired(AuditTreeFile? old, long count)
    {
        for (long index = 0; index < count; index++)
            yield return old!.Read(0, index);
    }

    private static Checkpoint? Believed(byte[] note, NoteKey? key, out string why)
    {
        if (key is not null)
            return Checkpoint.Open(note, key, out why);
        var read = SignedNote.Parse(note, out why);
        return read is null ? null : Checkpoint.Parse(read.Text);
    }

    /// <summary>The hashes of the entries from <paramref name="from"/> to <paramref name="last"/>; it ends early where one is missing.</summary>
    private static IEnumerable<TreeHash> Leaves(IReadOnlyList<AuditFile> files, long from, long last)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (i + 1 < files.Count && files[i + 1].FirstSequence <= from)
                continue;
            var sequence = files[i].FirstSequence;
            if (sequence > from)
                yield break;
            foreach (var line in AuditLines.Read(files[i].Path))
            {
                if (!line.Complete || sequence > last)
                    break;
                if (sequence++ == from)
                {
                    from++;
                    yield return TreeHash.Leaf(line.Content.Span[..^1]);
                }
            }
        }
    }

    /// <summary>Whether an entry says that checkpoints were signed. Only asked where there is none.</summary>
    private static bool NamesOrigin(IReadOnlyList<AuditFile> files) =>
        files.SelectMany(AuditReader.Entries).Any(entry => entry.Action == AuditAction.Opened && entry.Details.ContainsKey(AuditAction.OriginDetail));

    private static AuditFinding Missing(long sequence) => new(AuditFault.Removed, sequence, $"Entry {sequence} is missing, so the tree of the log cannot be made.");

    /// <summary>Closes the file unless somebody else has taken it.</summary>
    private sealed class Owner(AuditTreeFile? file) : IDisposable
    {
        public AuditTreeFile? File { get; private set; } = file;

        public AuditTreeFile Release()
        {
            var released = File!;
            File = null;
            return released;
        }

        public void Dispose() => File?.Dispose();
    }
}
