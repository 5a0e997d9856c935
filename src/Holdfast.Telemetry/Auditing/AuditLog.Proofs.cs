using Holdfast.Core.Auditing.Tree;
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
            return PayOwed().Then(_ => Guarded(() => AuditProving.Prove(folder, tree!, options.Signer?.Key, sequence)));
        }
    }

    /// <summary>
    /// That the log begins with a checkpoint that was kept. Problems: <c>audit.kept</c>, <c>audit.other-log</c>, <c>audit.no-key</c>,
    /// <c>audit.not-written</c>, <c>audit.damaged</c>: it does not.
    /// </summary>
    /// <param name="kept">The signed note.</param>
    public Outcome<AuditExtension> Extend(ReadOnlyMemory<byte> kept)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() => AuditProving.Extend(folder, tree!, options.Signer?.Key, kept)));
        }
    }

    /// <summary>
    /// Entries with all that proves them, as of this moment; it is read while the log goes on. Problems: <c>audit.no-such-entry</c>,
    /// <c>audit.no-key</c>, <c>audit.not-read</c>, <c>audit.not-written</c>.
    /// </summary>
    /// <param name="from">The first one; null: the first that is kept.</param>
    /// <param name="to">The last one; null: the last there is.</param>
    public Outcome<AuditExport> Export(long? from, long? to)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            return PayOwed().Then(_ => Guarded(() =>
            {
                tree!.Sign();
                return AuditSnapshot.Open(folder, head, tail?.Length, tree.Length).Then(frozen => AuditExport.Of(frozen, tree, options.Signer?.Key, folder, from, to));
            }));
        }
    }
}
