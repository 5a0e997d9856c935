using Holdfast.Core.Problems;
using Holdfast.Node.State;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Node.Clusters;

/// <summary>The store of a home that was a node by itself. It is never deleted: as <c>store.db.migrated</c> it can be gone back to.</summary>
internal static class FormerStore
{
    private const string Suffix = ".migrated";

    /// <summary>SQLite's file, and those that belong to it.</summary>
    private static readonly string[] parts = ["", "-wal", "-shm", ".identity"];

    /// <summary>Null: there is none. How many services it has. Problems: those of <see cref="SqliteStore.Open"/>.</summary>
    public static async Task<Outcome<(StoreIdentity Identity, long Services)?>> LookAsync(Home home, TimeProvider time, CancellationToken cancel)
    {
        if (!File.Exists(home.Store) && SqliteBackup.LastIdentity(home.Store) is null) return Outcome.Of<(StoreIdentity, long)?>(null);
        var opened = SqliteStore.Open(home.Store, new() { SyncFolder = DurableFolder.Sync }, time);
        if (!opened.TryGet(out var store)) return Outcome.Failed<(StoreIdentity, long)?>(opened.Problems);
        await using (store)
        {
            var found = await store.RangeAsync(new(KeyRange.Prefix(StateKeys.Services)) { Limit = 1 }, cancel);
            return found.TryGet(out var range) ? (store.Identity, range.Count) : Outcome.Failed<(StoreIdentity, long)?>(found.Problems);
        }
    }

    /// <summary>Whether there is one from an earlier time, which another would take the place of.</summary>
    public static Outcome<Done> IsPlaceFree(Home home) => File.Exists(AsideOf(home, ""))
        ? new Problem(ProblemKind.Conflict, "cluster.migrated-before", $"{AsideOf(home, "")} is there from an earlier migration.") { Mend = "move it and the files beside it elsewhere: it is kept, not overwritten" }
        : Outcome.Done;

    /// <summary>Done also where nothing is left to put aside.</summary>
    public static Outcome<Done> PutAside(Home home)
    {
        try
        {
            var moved = false;
            foreach (var part in parts.Where(part => File.Exists(home.Store + part)))
            {
                File.Move(home.Store + part, AsideOf(home, part), overwrite: false);
                moved = true;
            }

            if (moved) DurableFolder.Sync(home.Path);
            return Outcome.Done;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"put {home.Store} aside");
        }
    }

    private static string AsideOf(Home home, string part) => home.Store + Suffix + part;
}
