using Holdfast.Core.Problems;
using Holdfast.Storage;
using Xunit;

namespace Holdfast.Testing.Storage;

/// <summary>
/// What every store must do. An implementation's tests derive from it and give it new, empty stores. It asks for nothing that etcd does
/// not promise: revisions may skip, leases may last longer than asked for.
/// </summary>
public abstract partial class StoreConformance : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource deadline = new(Patience, TimeProvider.System);
    private IStore? store;

    protected IStore Store => store!;

    protected CancellationToken Deadline => deadline.Token;

    public async Task InitializeAsync() => store = await NewStoreAsync();

    public async Task DisposeAsync() => await Store.DisposeAsync();

    public virtual void Dispose()
    {
        deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    [ConformanceFact]
    public async Task A_new_key_has_version_1_and_one_revision()
    {
        var put = await PutAsync("/a", "1");
        var item = Assert.Single((await RangeAsync(KeyRange.Single("/a"))).Items);
        Assert.Equal(new KeyValue("/a", "1", put.Revision, put.Revision, 1, 0), item);
    }

    [ConformanceFact]
    public async Task A_put_raises_version_and_mod_revision_and_keeps_the_create_revision()
    {
        var first = await PutAsync("/a", "1");
        var second = await PutAsync("/a", "2");
        Assert.True(second.Revision > first.Revision);
        Assert.Equal(new KeyValue("/a", "2", first.Revision, second.Revision, 2, 0), await GetAsync("/a"));
    }

    [ConformanceFact]
    public async Task A_key_made_again_after_its_deletion_begins_anew()
    {
        await PutAsync("/a", "1");
        await PutAsync("/a", "2");
        var gone = await CommitAsync(new Transaction { Then = [new Operation.Delete("/a")] });
        Assert.Equal(new OperationResult.Deleted(1), Assert.Single(gone.Results));
        Assert.Null(await GetAsync("/a"));
        var again = await PutAsync("/a", "3");
        Assert.Equal(new KeyValue("/a", "3", again.Revision, again.Revision, 1, 0), await GetAsync("/a"));
    }

    [ConformanceFact]
    public async Task An_empty_value_is_a_value()
    {
        await PutAsync("/a", "");
        Assert.Equal(0, (await GetAsync("/a"))!.Value.Length);
    }

    [ConformanceFact]
    public async Task Keys_and_values_are_any_bytes()
    {
        var key = new Bytes([0, 255, 0, 10]);
        var value = new Bytes([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        await CommitAsync(new Transaction { Then = [new Operation.Put(key, value)] });
        Assert.Equal(value, Assert.Single((await RangeAsync(KeyRange.Single(key))).Items).Value);
    }

    [ConformanceFact]
    public async Task A_range_is_ordered_by_bytes_and_holds_exactly_its_prefix()
    {
        foreach (var key in (string[])["/b/2", "/b/10", "/a", "/b", "/b/", "/b0", "/c"])
            await PutAsync(key, key);
        var range = await RangeAsync(KeyRange.Prefix("/b/"));
        Assert.Equal(["/b/", "/b/10", "/b/2"], range.Items.Select(i => i.Key.ToString()));
        Assert.Equal(3, range.Count);
        Assert.False(range.More);
        Assert.Equal(7, (await RangeAsync(KeyRange.All)).Count);
        Assert.Equal(["/b", "/b/"], (await RangeAsync(KeyRange.Between("/b", "/b/1"))).Items.Select(i => i.Key.ToString()));
    }

    [ConformanceFact]
    public async Task A_limit_says_that_there_is_more()
    {
        foreach (var key in (string[])["/1", "/2", "/3"])
            await PutAsync(key, key);
        var some = await Ok(Store.RangeAsync(new RangeQuery(KeyRange.Prefix("/")) { Limit = 2 }, Deadline));
        Assert.Equal((2, true, 3L), (some.Items.Count, some.More, some.Count));
        var all = await Ok(Store.RangeAsync(new RangeQuery(KeyRange.Prefix("/")) { Limit = 3 }, Deadline));
        Assert.Equal((3, false, 3L), (all.Items.Count, all.More, all.Count));
    }

    [ConformanceFact]
    public async Task The_past_can_be_read_at_its_revision_until_it_is_compacted()
    {
        var first = await PutAsync("/a", "1");
        await PutAsync("/b", "1");
        var second = await PutAsync("/a", "2");
        Assert.Equal("1", (await At(first.Revision)).Single().Value.ToString());
        Assert.Equal(["2", "1"], (await At(second.Revision)).Select(i => i.Value.ToString()));

        Assert.True((await Store.CompactAsync(second.Revision, Deadline)).IsOk);
        Assert.True((await Store.CompactAsync(first.Revision, Deadline)).IsOk, "compacting what is compacted is done");
        Assert.Equal(["2", "1"], (await At(second.Revision)).Select(i => i.Value.ToString()));
        var gone = await Store.RangeAsync(new RangeQuery(KeyRange.All) { Revision = first.Revision }, Deadline);
        Assert.Equal("store.compacted", Assert.Single(gone.Problems).Rule);
    }

    [ConformanceFact]
    public async Task The_future_cannot_be_read_or_compacted()
    {
        var now = await PutAsync("/a", "1");
        var future = await Store.RangeAsync(new RangeQuery(KeyRange.All) { Revision = now.Revision + 100 }, Deadline);
        Assert.Equal("store.future-revision", Assert.Single(future.Problems).Rule);
        Assert.Equal("store.future-revision", Assert.Single((await Store.CompactAsync(now.Revision + 100, Deadline)).Problems).Rule);
    }

    /// <summary>A new, empty store.</summary>
    protected abstract Task<IStore> NewStoreAsync();

    /// <summary>Lets so much of the store's time pass.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    protected static async Task<T> Ok<T>(Task<Outcome<T>> call)
    {
        var outcome = await call;
        Assert.True(outcome.IsOk, string.Join("; ", outcome.Problems));
        return outcome.Value;
    }

    protected async Task<CommitResult.Decided> CommitAsync(Transaction transaction) =>
        Assert.IsType<CommitResult.Decided>(await Store.CommitAsync(transaction, Deadline));

    protected Task<CommitResult.Decided> PutAsync(string key, string value, long lease = 0) =>
        CommitAsync(new Transaction { Then = [new Operation.Put(key, value, lease)] });

    protected Task<RangeResult> RangeAsync(KeyRange keys) => Ok(Store.RangeAsync(new RangeQuery(keys), Deadline));

    protected async Task<KeyValue?> GetAsync(string key) => (await RangeAsync(KeyRange.Single(key))).Items.SingleOrDefault();

    private async Task<IReadOnlyList<KeyValue>> At(long revision) =>
        (await Ok(Store.RangeAsync(new RangeQuery(KeyRange.All) { Revision = revision }, Deadline))).Items;
}
