using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <content>What is given out of the log, with what proves it.</content>
public sealed partial class AuditLog
{
    /// <summary>
    /// A receipt for one entry, also for one that was retired: then whoever has kept the entry can prove it. Problems: <c>audit.no-such-entry</c>,
    /// <c>audit.no-key</c>, <c>audit.not-written</c>, <c>audit.damaged</c>.
    /// </summary>
    public Outcome<AuditProof> Prove(long sequence)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() => AuditProving.Prove(folder, tree!, Key, sequence)));
        }
    }

    /// <summary>
    /// That the log begins with a checkpoint that was kept. Problems: <c>audit.kept</c>, <c>audit.other-log</c>, <c>audit.no-key</c>,
    /// <c>audit.not-written</c>, <c>audit.damaged</c>: it does not.
    /// </summary>
    /// <param name="kept">The signed note.</param>
    /// <param name="cosignedUpTo">What others have cosigned will do where it comes to this entry; null: the last checkpoint is taken.</param>
    public Outcome<AuditExtension> Extend(ReadOnlyMemory<byte> kept, long? cosignedUpTo = null)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() => AuditProving.Extend(folder, tree!, Key, kept, cosignedUpTo is { } last ? last - tree!.First + 1 : long.MaxValue)));
        }
    }

    /// <summary>
    /// Entries with all that proves them, as of this moment; it is read while the log goes on. Problems: <c>audit.no-such-entry</c>,
    /// <c>audit.no-key</c>, <c>audit.not-read</c>, <c>audit.not-written</c>.
    /// </summary>
    /// <param name="from">The first one; null: the first that is kept.</param>
    /// <param name="to">The last one; null: the last there is.</param>
    /// <param name="cosignedUpTo">What others have cosigned is given where it comes to this entry, and the export ends with it; null: the last checkpoint is given.</param>
    public Outcome<AuditExport> Export(long? from, long? to, long? cosignedUpTo = null)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() =>
            {
                tree!.Sign();
                var cosigned = cosignedUpTo is { } last ? AuditProving.Cosigned(folder, tree, Key, last - tree.First + 1) : null;
                return AuditSnapshot.Open(folder, head, tail?.Length, tree.Length).Then(frozen => AuditExport.Of(frozen, tree, Key, folder, (from, to), cosigned is { IsOk: true } found ? found.Value : null));
            }));
        }
    }

    /// <summary>The last checkpoint, for others to cosign. Problems: <c>audit.no-key</c>, <c>audit.not-written</c>, <c>audit.damaged</c>.</summary>
    /// <param name="sign">Whether all entries that there are are signed first.</param>
    public Outcome<(Checkpoint Checkpoint, byte[] Note)> SignedCheckpoint(bool sign)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() => AuditProving.Signed(folder, tree!, Key, sign ? tree!.Size : 0)));
        }
    }

    /// <summary>That the tree of a size begins with that of an earlier one, as the log has both. Problems: <c>audit.not-written</c>.</summary>
    /// <param name="earlier">Entries, not more than <paramref name="size"/>.</param>
    /// <param name="size">Entries of a checkpoint that was signed.</param>
    public Outcome<IReadOnlyList<TreeHash>> Consistency(long earlier, long size)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() => Outcome.Of(tree!.Consistency(earlier, size))));
        }
    }

    /// <summary>Signs another log's checkpoint as its witness, under this log's key. Whether that may be is decided before. Problems: <c>audit.no-key</c>.</summary>
    /// <param name="witness">This node's name as a witness.</param>
    /// <param name="checkpoint">The text.</param>
    public Outcome<NoteSignature> Cosign(string witness, string checkpoint) => options.Signer is { } signer
        ? Cosignature.Make(witness, signer.Key, time.GetUtcNow(), checkpoint, signer.Sign)
        : AuditProblem.NoKey(folder);

    /// <summary>Puts a checkpoint of this log that others have cosigned beside it. Problems: <c>audit.kept</c>, <c>audit.other-log</c>, <c>audit.not-written</c>.</summary>
    public Outcome<Done> KeepCosigned(ReadOnlyMemory<byte> note)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() =>
            {
                if (Key is not { } key) return AuditProblem.NoKey(folder);
                if (Checkpoint.Open(note.Span, key, out var why) is not { } checkpoint) return AuditProblem.NotKept(why);
                if (checkpoint.Origin != tree!.Origin) return AuditProblem.OtherLog(checkpoint.Origin, tree.Origin);
                AuditCheckpointFile.Write(folder, AuditCheckpointFile.CosignedName, note.Span, options.SyncFolder);
                return Outcome.Done;
            }));
        }
    }

    /// <summary>The last checkpoint that others have cosigned, with their lines; null: there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[]? Cosigned(string folder) => AuditCheckpointFile.Read(folder, AuditCheckpointFile.CosignedName);
}
