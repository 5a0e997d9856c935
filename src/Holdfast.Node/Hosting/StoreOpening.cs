using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Hosting;

/// <summary>Opens the node's store; makes one only in a home that has never been used.</summary>
internal static class StoreOpening
{
    public static async Task<Outcome<IStore>> OpenAsync(Home home, TimeProvider time)
    {
        // What would be lost if a new store took the place of one that is gone: then a missing store is damage, not a first start.
        // A supervisor that is started before the first agent, as systemd does it, has made its folders and has nothing in them yet.
        // Services that were installed without an agent need no store, nor do the acts of whoever installed them.
        var fresh = IsEmpty(home.Packages) && !HasAgentActs(home.Audit) && HasNoEvents(home.Journal, time) && SupervisorPlace.AllOf(home).All(place => !place.HasOrders || File.Exists(place.Pin));
        var opened = SqliteStore.OpenOrCreate(home.Store, fresh, new() { SyncFolder = DurableFolder.Sync }, time);
        if (!opened.TryGet(out var store))
            return Outcome.Failed<IStore>(opened.Problems);
        var closed = Close(home);
        if (closed.IsOk)
            return Outcome.Of<IStore>(store);
        await store.DisposeAsync();
        return Outcome.Failed<IStore>(closed.Problems);
    }

    /// <summary>Values are in it, and what somebody wrongly put into them: nobody but the agent's account reads it.</summary>
    private static Outcome<Done> Close(Home home)
    {
        foreach (var file in Directory.EnumerateFiles(home.Path, Path.GetFileName(home.Store) + "*"))
        {
            var set = FolderRights.Set(file, DurableFile.OwnerOnly);
            // SQLite takes its side files away when it likes.
            if (!set.IsOk && File.Exists(file))
                return set;
        }

        return Outcome.Done;
    }

    /// <summary>What an agent is asked for is one word (deploy, restart); a look at all of it is only taken where there is no store.</summary>
    private static bool HasAgentActs(string audit) =>
        Directory.Exists(audit) && AuditReader.Read(audit, new()).Any(entry => !entry.Action.Contains('.', StringComparison.Ordinal) || entry.Action == AuditAction.Retired);

    private static bool HasNoEvents(string journal, TimeProvider time)
    {
        if (!Directory.Exists(journal))
            return true;
        using var reader = JournalReader.Open(journal, 0, time);
        return reader.TryRead() is null;
    }

    private static bool IsEmpty(string folder) => !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
}
