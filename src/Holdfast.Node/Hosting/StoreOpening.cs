using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Node.Hosting;

/// <summary>Opens the node's store; makes one only in a home that has never been used.</summary>
internal static class StoreOpening
{
    public static Outcome<IStore> Open(Home home, TimeProvider time)
    {
        // What would be lost if a new store took the place of one that is gone: then a missing store is damage, not a first start.
        var fresh = new[] { home.Packages, home.Audit, home.Supervisor, home.Journal }.All(IsEmpty);
        var opened = SqliteStore.OpenOrCreate(home.Store, fresh, new() { SyncFolder = DurableFolder.Sync }, time);
        return opened.TryGet(out var store) ? Outcome.Of<IStore>(store) : Outcome.Failed<IStore>(opened.Problems);
    }

    private static bool IsEmpty(string folder) => !Directory.EnumerateFileSystemEntries(folder).Any();
}
