using Holdfast.Core.Problems;
using Holdfast.Storage.Sqlite;
using Holdfast.Testing.Clocks;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Sqlite;

public sealed class SqliteBadDaysTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();

    public void Dispose() => folder.Dispose();

    [SmallVolumeFact]
    public async Task Where_the_disk_is_full_nothing_changes_and_it_goes_on_when_there_is_space()
    {
        using var volume = SmallVolume.Mount(2048);
        var path = Path.Combine(volume.Path, "store.db");
        await using (var store = SqliteStore.Create(path, TemporaryFolder.Options, clock).Value)
        {
            Assert.IsType<CommitResult.Decided>(await PutAsync(store, "/before", 100));
            volume.Fill();
            var results = new List<CommitResult>();
            for (var i = 0; i < 20; i++)
                results.Add(await PutAsync(store, $"/full/{i}", 60_000));
            var failed = Assert.IsType<CommitResult.Failed>(results[^1]);
            Assert.Equal(("store.no-space", ProblemKind.Unavailable), (failed.Problem.Rule, failed.Problem.Kind));

            var done = results.Count(r => r is CommitResult.Decided);
            var there = (await store.RangeAsync(new RangeQuery(KeyRange.Prefix("/full/")), CancellationToken.None)).Value;
            Assert.Equal(done, there.Count);
            volume.Free();
            Assert.IsType<CommitResult.Decided>(await PutAsync(store, "/after", 60_000));
        }

        await using (var store = SqliteStore.Open(path, TemporaryFolder.Options, clock).Value)
            Assert.Equal(2, (await store.RangeAsync(new RangeQuery(KeyRange.All), CancellationToken.None)).Value.Items.Count(i => !i.Key.StartsWith("/full/")));
    }

    [SmallVolumeFact]
    public async Task Where_the_disk_is_full_no_half_store_is_made()
    {
        using var volume = SmallVolume.Mount(512);
        var path = Path.Combine(volume.Path, "store.db");
        volume.Fill();
        Assert.Equal(ProblemKind.Unavailable, Assert.Single(SqliteStore.OpenOrCreate(path, fresh: true, TemporaryFolder.Options, clock).Problems).Kind);
        Assert.False(File.Exists(path));
        volume.Free();
        await SqliteStore.OpenOrCreate(path, fresh: true, TemporaryFolder.Options, clock).Value.DisposeAsync();
    }

    [Fact]
    public async Task Old_history_is_compacted_by_itself_and_what_is_there_stays()
    {
        var options = TemporaryFolder.Options with { RetainedRevisions = 100 };
        await using var store = SqliteStore.Create(folder.Store, options, clock).Value;
        await PutAsync(store, "/old", 1);
        for (var i = 0; i < 300; i++)
            await PutAsync(store, "/busy", 1);
        Assert.Equal("store.compacted", (await At(store, 50)).Problems.Single().Rule);
        Assert.Equal(2, (await At(store, 250)).Value.Items.Count);
    }

    [Fact]
    public async Task A_deletion_at_the_very_revision_of_a_compaction_is_still_told()
    {
        await using var store = SqliteStore.Create(folder.Store, TemporaryFolder.Options, clock).Value;
        await PutAsync(store, "/a", 1);
        var delete = await store.CommitAsync(new Transaction { Then = [new Operation.Delete("/a")] }, CancellationToken.None);
        var gone = Assert.IsType<CommitResult.Decided>(delete).Revision;
        Assert.True((await store.CompactAsync(gone, CancellationToken.None)).IsOk);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        await using var watch = store.WatchAsync(KeyRange.All, gone, deadline.Token).GetAsyncEnumerator(deadline.Token);
        Assert.True(await watch.MoveNextAsync(), "nothing was told");
        Assert.Equal(ChangeKind.Delete, Assert.Single(Assert.IsType<WatchBatch.Changes>(watch.Current).Items).Kind);
        Assert.Empty((await At(store, gone)).Value.Items);
    }

    [Fact]
    public async Task A_request_is_known_for_its_time_and_forgotten_later()
    {
        await using var store = SqliteStore.Create(folder.Store, TemporaryFolder.Options, clock).Value;
        var request = new Transaction { Then = [new Operation.Put("/a", "1")] };
        await store.CommitAsync(request, CancellationToken.None);
        clock.Advance(StoreLimits.RequestMemory * 0.99);
        await PutAsync(store, "/b", 1);
        Assert.IsType<Settlement.Happened>((await store.SettleAsync(request.RequestId, CancellationToken.None)).Value);
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(StoreLimits.RequestMemory);
            await PutAsync(store, "/b", 1);
        }

        Assert.IsType<Settlement.Void>((await store.SettleAsync(request.RequestId, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task A_closed_store_says_so_and_ends_its_watches()
    {
        var store = SqliteStore.Create(folder.Store, TemporaryFolder.Options, clock).Value;
        var watching = Task.Run(async () =>
        {
            WatchBatch? last = null;
            await foreach (var batch in store.WatchAsync(KeyRange.All, 1, CancellationToken.None))
                last = batch;
            return last;
        });
        await PutAsync(store, "/a", 1);
        await store.DisposeAsync();
        Assert.IsType<WatchBatch.Lost>(await watching.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System));
        Assert.Equal(ProblemKind.Unavailable, Assert.IsType<CommitResult.Failed>(await PutAsync(store, "/b", 1)).Problem.Kind);
        Assert.Equal(ProblemKind.Unavailable, (await At(store, 0)).Problems.Single().Kind);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Another_program_that_holds_the_file_is_a_problem_and_not_a_crash()
    {
        var options = TemporaryFolder.Options with { BusyTimeout = TimeSpan.FromSeconds(1) };
        await using var store = SqliteStore.Create(folder.Store, options, clock).Value;
        using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.Store};Pooling=False");
        other.Open();
        using (other.BeginTransaction(deferred: false))
            Assert.Equal("store.unavailable", Assert.IsType<CommitResult.Failed>(await PutAsync(store, "/a", 1)).Problem.Rule);
        Assert.IsType<CommitResult.Decided>(await PutAsync(store, "/a", 1));
    }

    private static Task<CommitResult> PutAsync(SqliteStore store, string key, int bytes) =>
        store.CommitAsync(new Transaction { Then = [new Operation.Put(key, new Bytes(new byte[bytes]))] }, CancellationToken.None);

    private static Task<Outcome<RangeResult>> At(SqliteStore store, long revision) =>
        store.RangeAsync(new RangeQuery(KeyRange.All) { Revision = revision }, CancellationToken.None);
}
