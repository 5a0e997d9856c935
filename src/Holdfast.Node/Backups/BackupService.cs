using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;

namespace Holdfast.Node.Backups;

/// <summary>Makes a backup as the audited act that it is. The record says what was handed over; what becomes of it is the client's.</summary>
/// <param name="cluster">The cluster that the node belongs to, which has a store of its own; null: none.</param>
internal sealed class BackupService(string node, string? cluster, BackupTaking taking, ChangeRecord record)
{
    public const string Action = "backup";

    /// <param name="actor">Who asked.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="tell">Told of each step: its name, and a sentence.</param>
    /// <param name="cancel">The client went away, or the agent ends.</param>
    public Task<Outcome<BackupReceipt>> RunAsync(Actor actor, BackupSink sink, Func<string, string, Task> tell, CancellationToken cancel)
    {
        var id = Guid.NewGuid().ToString("n");
        return record.AroundAsync(actor, Action, node, id, new Dictionary<string, string>(), () => MakeAsync(actor.Name, id, sink, tell, cancel), receipt => receipt.Details);
    }

    private async Task<Outcome<BackupReceipt>> MakeAsync(string actor, string id, BackupSink sink, Func<string, string, Task> tell, CancellationToken cancel)
    {
        if (cluster is not null) return BackupProblems.InCluster(cluster);
        await tell("taking", $"the state of {node}");
        // Files are digested: away from the threads that answer calls.
        var taken = await Task.Run(() => taking.TakeAsync(actor, id, cancel), cancel);
        if (!taken.TryGet(out var backup))
            return Outcome.Failed<BackupReceipt>(taken.Problems);
        using (backup)
        {
            var receipt = backup.Receipt;
            await tell("taken", $"store at revision {receipt.Manifest.Store.Revision}, {receipt.Packages} {(receipt.Packages == 1 ? "package" : "packages")}, audit log up to entry {receipt.Manifest.Audit.Sequence}");
            return await new BackupWriting(sink).WriteAsync(backup, cancel);
        }
    }
}
