using Holdfast.Core.Problems;
using Holdfast.Storage.Etcd;
using Holdfast.Testing;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>An etcd of three members whose leader is asked to be another.</summary>
public sealed class EtcdLeaderTests : IDisposable
{
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(150), TimeProvider.System);

    public void Dispose() => deadline.Dispose();

    [EtcdFact]
    public async Task Its_leader_moves_to_the_member_that_is_named_and_what_is_stored_and_leased_stays()
    {
        using var etcd = await EtcdCluster.StartAsync(3);
        var options = etcd.NewOptions();
        await using var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        var lease = (await store.GrantLeaseAsync(TimeSpan.FromSeconds(60), deadline.Token)).Value;
        await store.PutAsync("/leader", "me", deadline.Token, lease.Id);
        var leader = await etcd.LeaderAsync();
        foreach (var next in etcd.Members.Where(member => member != leader).Append(leader))
        {
            var states = await EtcdStore.StatusAsync(options, TimeProvider.System, deadline.Token);
            var moved = await EtcdStore.MoveLeaderAsync(options, states.Single(state => state.Endpoint == next.Endpoint).Id, TimeProvider.System, deadline.Token);
            Assert.True(moved.IsOk, string.Join("; ", moved.Problems));
            Assert.Same(next, await etcd.LeaderAsync());
            Assert.Equal(lease, (await store.KeepLeaseAsync(lease.Id, deadline.Token)).Value);
            await store.PutAsync("/count", next.Endpoint.ToString(), deadline.Token);
        }

        Assert.Equal("me", (await store.FindAsync("/leader", deadline.Token))!.Value.ToString());
    }

    [EtcdFact]
    public async Task One_that_is_no_member_does_not_get_it()
    {
        using var etcd = await EtcdCluster.StartAsync(3);
        var leader = await etcd.LeaderAsync();
        var refused = await EtcdStore.MoveLeaderAsync(etcd.NewOptions(), 4711, TimeProvider.System, deadline.Token);
        Assert.Equal(("store.refused-leader", ProblemKind.Conflict), (Assert.Single(refused.Problems).Rule, refused.Problems[0].Kind));
        Assert.Same(leader, await etcd.LeaderAsync());
        foreach (var member in etcd.Members) member.Kill();
        Assert.Equal("store.unavailable", Assert.Single((await EtcdStore.MoveLeaderAsync(etcd.NewOptions(), 4711, TimeProvider.System, deadline.Token)).Problems).Rule);
    }
}
