using Holdfast.Storage.Sqlite;
using Holdfast.Testing;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Sqlite;

public sealed class SqliteLinearizabilityTests
{
    /// <summary>Six clients at once, while the store is closed under them and opened again.</summary>
    [Fact]
    public async Task What_many_clients_see_through_closings_is_linearizable()
    {
        using var folder = new TemporaryFolder();
        var seed = Random.Shared.Next();
        IStore store = SqliteStore.Create(folder.Store, TemporaryFolder.Options, TimeProvider.System).Value;
        var load = new StoreLoad(() => Volatile.Read(ref store), seed);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        for (var i = 0; i < 10; i++)
        {
            var wanted = load.Answered + 200;
            await Eventually.SeeAsync("more answers", () => load.Answered >= wanted || running.IsCompleted);
            await store.DisposeAsync();
            Volatile.Write(ref store, SqliteStore.Open(folder.Store, TemporaryFolder.Options, TimeProvider.System).Value);
        }

        await stop.CancelAsync();
        await running;
        await store.DisposeAsync();
        load.AssertLinearizable();
    }
}
