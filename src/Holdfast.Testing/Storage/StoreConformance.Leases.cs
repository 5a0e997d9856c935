using Holdfast.Storage;
using Xunit;

namespace Holdfast.Testing.Storage;

public abstract partial class StoreConformance
{
    [ConformanceFact]
    public async Task A_lease_is_granted_in_whole_seconds_not_shorter_than_asked()
    {
        var lease = await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(2.5), Deadline));
        Assert.True(lease.Length >= TimeSpan.FromSeconds(3));
        Assert.Equal(0, lease.Length.Ticks % TimeSpan.TicksPerSecond);
        Assert.NotEqual(0, lease.Id);
        Assert.NotEqual(lease.Id, (await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(2.5), Deadline))).Id);
    }

    [ConformanceFact]
    public async Task Keys_die_with_a_revoked_lease_at_one_revision_and_watchers_see_it()
    {
        var lease = await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(30), Deadline));
        await PutAsync("/l/a", "1", lease.Id);
        await PutAsync("/l/b", "1", lease.Id);
        var kept = await PutAsync("/l/c", "1");
        Assert.Equal(lease.Id, (await GetAsync("/l/a"))!.Lease);
        await using var watch = Watch(KeyRange.Prefix("/l/"), kept.Revision + 1);
        Assert.True((await Store.RevokeLeaseAsync(lease.Id, Deadline)).IsOk);
        Assert.Equal(["Delete /l/a ", "Delete /l/b "], (await watch.TakeAsync(2)).Order());
        Assert.Single(watch.Batches[^1].Items.Select(c => c.Item.ModRevision).Distinct());
        Assert.Equal(["/l/c"], (await RangeAsync(KeyRange.Prefix("/l/"))).Items.Select(i => i.Key.ToString()));
    }

    [ConformanceFact]
    public async Task Keys_die_with_a_lease_that_is_not_kept_alive()
    {
        var lease = await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(2), Deadline));
        var put = await PutAsync("/leader", "me", lease.Id);
        await using var watch = Watch(KeyRange.Single("/leader"), put.Revision + 1);
        var death = watch.TakeAsync(1);
        await PassAsync(lease.Length + TimeSpan.FromSeconds(1));
        Assert.Equal(["Delete /leader "], await death);
        Assert.Equal("store.lease-gone", Assert.Single((await Store.KeepLeaseAsync(lease.Id, Deadline)).Problems).Rule);
    }

    [ConformanceFact]
    public async Task A_lease_that_is_looked_at_tells_how_long_it_lasts_and_is_not_kept_alive_by_it()
    {
        var lease = await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(4), Deadline));
        Assert.Equal(lease, (await Ok(Store.LookAtLeaseAsync(lease.Id, Deadline))).Lease);
        await PassAsync(TimeSpan.FromSeconds(2.5));
        var seen = await Ok(Store.LookAtLeaseAsync(lease.Id, Deadline));
        Assert.InRange(seen.Left, TimeSpan.FromTicks(1), lease.Length - TimeSpan.FromSeconds(1));
        await Ok(Store.KeepLeaseAsync(lease.Id, Deadline));
        Assert.True((await Ok(Store.LookAtLeaseAsync(lease.Id, Deadline))).Left > seen.Left);
        Assert.True((await Store.RevokeLeaseAsync(lease.Id, Deadline)).IsOk);
        Assert.Equal("store.lease-gone", Assert.Single((await Store.LookAtLeaseAsync(lease.Id, Deadline)).Problems).Rule);
    }

    [ConformanceFact]
    public async Task A_lease_that_is_kept_alive_goes_on()
    {
        var lease = await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(3), Deadline));
        await PutAsync("/leader", "me", lease.Id);
        for (var i = 0; i < 4; i++)
        {
            await PassAsync(lease.Length / 2);
            Assert.Equal(lease, await Ok(Store.KeepLeaseAsync(lease.Id, Deadline)));
        }

        Assert.NotNull(await GetAsync("/leader"));
    }

    [ConformanceFact]
    public async Task A_key_put_again_without_its_lease_survives_it()
    {
        var lease = await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(30), Deadline));
        await PutAsync("/a", "1", lease.Id);
        await PutAsync("/a", "2");
        Assert.True((await Store.RevokeLeaseAsync(lease.Id, Deadline)).IsOk);
        Assert.Equal("2", (await GetAsync("/a"))!.Value.ToString());
    }

    [ConformanceFact]
    public async Task What_has_ended_cannot_be_kept_revoked_or_used()
    {
        var lease = await Ok(Store.GrantLeaseAsync(TimeSpan.FromSeconds(30), Deadline));
        Assert.True((await Store.RevokeLeaseAsync(lease.Id, Deadline)).IsOk);
        Assert.Equal("store.lease-gone", Assert.Single((await Store.KeepLeaseAsync(lease.Id, Deadline)).Problems).Rule);
        Assert.Equal("store.lease-gone", Assert.Single((await Store.RevokeLeaseAsync(lease.Id, Deadline)).Problems).Rule);
        var late = await Store.CommitAsync(
            new Transaction { Then = [new Operation.Put("/other", "1"), new Operation.Put("/a", "1", lease.Id)] }, Deadline);
        Assert.Equal("store.lease-gone", Assert.IsType<CommitResult.Failed>(late).Problem.Rule);
        Assert.Empty((await RangeAsync(KeyRange.All)).Items);
    }

    [ConformanceFact]
    public async Task A_lease_of_no_sensible_length_is_refused()
    {
        foreach (var length in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(-1), StoreLimits.LongestLease + TimeSpan.FromSeconds(1)])
            Assert.Equal("store.lease-length", Assert.Single((await Store.GrantLeaseAsync(length, Deadline)).Problems).Rule);
    }
}
