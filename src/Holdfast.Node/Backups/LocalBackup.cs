using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Backups;

/// <summary>A backup of a home in which no agent runs. Services may run on meanwhile: their supervisor changes nothing of what is in it.</summary>
public static class LocalBackup
{
    /// <summary>Whether a node is, or was, in this home: a store that was lost is not forgotten, and a node of a cluster is one without.</summary>
    public static bool IsNode(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return File.Exists(home.Store) || File.Exists(home.ClusterDocument) || SqliteBackup.LastIdentity(home.Store) is not null;
    }

    /// <param name="home">The node's home, whose agent lock the caller holds.</param>
    /// <param name="actor">Who asked.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="tell">Told of each step: its name, and a sentence.</param>
    /// <param name="time">For the record.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<Outcome<BackupReceipt>> RunAsync(
        Home home, string actor, BackupSink sink, Func<string, string, Task> tell, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(home);
        var cluster = ClusterFile.Read(home);
        if (!cluster.IsOk)
            return Outcome.Failed<BackupReceipt>(cluster.Problems);
        if (cluster.Value is { } belongs)
            return BackupProblems.InCluster(belongs.Name);
        if (!IsNode(home))
            return BackupProblems.NoNode(home.Path);
        try
        {
            var opened = SqliteStore.Open(home.Store, new() { SyncFolder = DurableFolder.Sync }, time);
            if (!opened.TryGet(out var store))
                return Outcome.Failed<BackupReceipt>(opened.Problems);
            await using (store)
            {
                // As an agent does at its start: what a backup that was killed left there goes with it.
                var packages = PackageStore.Open(home, time, FileFactsReader.ReadEntry).Then(found => found.SweepIncoming().Then(_ => Outcome.Of(found)));
                var node = NodeOf(home);
                var log = packages.Then(_ => NodeAudit.Open(home, node, time));
                if (!log.TryGet(out var audit))
                    return Outcome.Failed<BackupReceipt>(log.Problems);
                using (audit)
                using (var gate = new ChangeGate())
                {
                    var moments = new MomentTaking(home, new ServiceCatalog(store, time), packages.Value, audit, gate);
                    var service = new BackupService(node, null, new BackupTaking(home, node, Agent.Version, moments, time), new ChangeRecord(audit));
                    return await service.RunAsync(actor, sink, tell, cancel);
                }
            }
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read {home.Path}");
        }
    }

    /// <summary>As the last agent called it.</summary>
    private static string NodeOf(Home home) => AuditReader.Read(home.Audit, new() { Tail = 1 }).Select(entry => entry.Node).FirstOrDefault(Environment.MachineName);
}
