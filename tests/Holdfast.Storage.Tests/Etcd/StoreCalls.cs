using Holdfast.Core.Problems;
using Holdfast.Storage.Etcd;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>What the tests do all the time, and expect to work.</summary>
internal static class StoreCalls
{
    public static EtcdStore Ok(this Outcome<EtcdStore> store)
    {
        Assert.True(store.IsOk, string.Join("; ", store.Problems));
        return store.Value;
    }

    /// <summary>Its revision.</summary>
    public static async Task<long> PutAsync(this IStore store, string key, string value, CancellationToken cancel, long lease = 0)
    {
        var put = new Transaction { Then = [new Operation.Put(key, value, lease)] };
        var done = await store.CommitKnownAsync(put, TimeProvider.System, cancel);
        Assert.True(done.IsOk, string.Join("; ", done.Problems));
        return done.Value.Revision;
    }

    public static async Task<KeyValue?> FindAsync(this IStore store, string key, CancellationToken cancel) =>
        (await store.RangeAsync(new RangeQuery(KeyRange.Single(key)), cancel)).Value.Items.SingleOrDefault();
}
