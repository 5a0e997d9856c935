using Holdfast.Storage.Sqlite;
using Holdfast.Testing.Clocks;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Sqlite;

public sealed class SqliteConformance : StoreConformance
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();

    public override void Dispose()
    {
        folder.Dispose();
        base.Dispose();
    }

    protected override Task<IStore> NewStoreAsync() =>
        Task.FromResult<IStore>(SqliteStore.Create(folder.Store, TemporaryFolder.Options, clock).Value);

    protected override Task PassAsync(TimeSpan time)
    {
        clock.Advance(time);
        return Task.CompletedTask;
    }
}
