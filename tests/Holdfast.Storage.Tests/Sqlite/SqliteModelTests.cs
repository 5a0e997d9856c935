using FsCheck;
using FsCheck.Fluent;
using Holdfast.Storage.Sqlite;
using Holdfast.Testing.Clocks;

namespace Holdfast.Storage.Tests.Sqlite;

public sealed class SqliteModelTests
{
    private const int Runs = 60;

    [Fact]
    public void Whatever_is_done_to_the_store_it_answers_as_the_oracle_does() =>
        Prop.ForAll(StoreSteps.Arbitrary, steps => Run(steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(60));

    private static void Run(StoreStep[] steps)
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock();
        var fresh = true;
        new StoreModelRun(Open).RunAsync(steps).GetAwaiter().GetResult();

        Task<IStore> Open()
        {
            var store = SqliteStore.OpenOrCreate(folder.Store, fresh, TemporaryFolder.Options, clock).Value;
            fresh = false;
            return Task.FromResult<IStore>(store);
        }
    }
}
