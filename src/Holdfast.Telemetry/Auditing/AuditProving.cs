using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Makes receipts from an open log's tree.</summary>
internal static class AuditProving
{
    /// <exception cref="IOException">A file cannot be read, or no checkpoint could be signed.</exception>
    public static Outcome<AuditProof> Prove(string folder, AuditTree tree, NoteKey? key, long sequence)
    {
        var index = sequence - tree.First;
        if (index < 0 || index >= tree.Size)
            return AuditProblem.NoSuchEntry(sequence, tree.First, tree.First + tree.Size - 1);
        return (Cosigned(folder, tree, key, index + 1) is { } witnessed ? witnessed : Signed(folder, tree, key, index + 1)).Then(signed =>
        {
            var path = tree.Inclusion(index, signed.Checkpoint.Size);
            // What the files hold may have been changed since: nothing is given out that does not prove what it says.
            if (!TreeProofCheck.Includes(tree.LeafAt(index), index, signed.Checkpoint.Size, path, signed.Checkpoint.Root))
                return AuditProblem.NotProven(folder, $"the tree's file does not lead from entry {sequence} to the root that was signed");
            var line = Line(folder, sequence);
            return line is not null && TreeHash.Leaf(line) != tree.LeafAt(index)
                ? AuditProblem.NotProven(folder, $"entry {sequence} is not the one whose hash the tree holds")
                : Outcome.Of(new AuditProof(index, path, signed.Note, line is null ? null : (ReadOnlyMemory<byte>?)line));
        });
    }

    /// <param name="cosigned">What others have cosigned will do where it has so many entries.</param>
    /// <exception cref="IOException">A file cannot be read, or no checkpoint could be signed.</exception>
    public static Outcome<AuditExtension> Extend(string folder, AuditTree tree, NoteKey? key, ReadOnlyMemory<byte> kept, long cosigned) => (Cosigned(folder, tree, key, cosigned) is { } witnessed ? witnessed : Signed(folder, tree, key, tree.Size)).Then(signed =>
    {
        if (Checkpoint.Open(kept.Span, key!, out var why) is not { } before)
            return AuditProblem.NotKept(why);
        if (before.Origin != tree.Origin)
            return AuditProblem.OtherLog(before.Origin, tree.Origin);
        if (before.Size > signed.Checkpoint.Size)
            return AuditProblem.NotProven(folder, $"the checkpoint that was kept signs {before.Size} entries, and there are {signed.Checkpoint.Size}");
        var extension = new AuditExtension(tree.Consistency(before.Size, signed.Checkpoint.Size), signed.Note, kept);
        return extension.Check(key!, out why) is null ? AuditProblem.NotProven(folder, why) : Outcome.Of(extension);
    });

    /// <summary>The last checkpoint, signed anew where it has less entries than asked for.</summary>
    /// <exception cref="IOException">It cannot be read, or not be signed.</exception>
    public static Outcome<(Checkpoint Checkpoint, byte[] Note)> Signed(string folder, AuditTree tree, NoteKey? key, long entries)
    {
        if (key is null)
            return AuditProblem.NoKey(folder);
        if (tree.Signed < entries)
            tree.Sign();
        if (AuditCheckpointFile.Read(folder) is not { } note)
            return AuditProblem.NotProven(folder, $"the file '{AuditCheckpointFile.Name}' is missing");
        return Checkpoint.Open(note, key, out var why) is not { } checkpoint ? AuditProblem.NotProven(folder, $"the checkpoint does not count: {why}")
            : checkpoint.Size != tree.Signed || checkpoint.Origin != tree.Origin ? AuditProblem.NotProven(folder, "the checkpoint is not the one that was signed last")
            : (checkpoint, note);
    }

    /// <summary>The last checkpoint that others have cosigned, where it has that many entries; null: there is none that counts.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Outcome<(Checkpoint Checkpoint, byte[] Note)>? Cosigned(string folder, AuditTree tree, NoteKey? key, long entries) =>
        key is not null && AuditCheckpointFile.Read(folder, AuditCheckpointFile.CosignedName) is { } note && Checkpoint.Open(note, key, out _) is { } checkpoint
            && checkpoint.Origin == tree.Origin && checkpoint.Size >= entries && checkpoint.Size <= tree.Signed
            ? Outcome.Of((checkpoint, note))
            : null;

    /// <summary>Without its newline; null: it was retired.</summary>
    private static byte[]? Line(string folder, long sequence)
    {
        if (AuditFile.List(folder).LastOrDefault(file => file.FirstSequence <= sequence) is not { } file)
            return null;
        var number = file.FirstSequence;
        foreach (var line in AuditLines.Read(file.Path))
        {
            if (number++ == sequence)
                return line.Content.Span[..^1].ToArray();
        }

        return null;
    }
}
