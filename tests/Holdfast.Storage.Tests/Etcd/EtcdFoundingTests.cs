using Holdfast.Core.Problems;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>A store is made under an identity that was chosen before, and becomes another one when its etcd was put back.</summary>
public sealed class EtcdFoundingTests : IDisposable
{
    private static readonly StoreIdentity chosen = new("0123456789abcdef", 3), next = new("fedcba9876543210", 4);

    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(90), TimeProvider.System);

    public void Dispose() => deadline.Dispose();

    [EtcdFact]
    public async Task Who_chose_the_identity_finds_its_own_store_again_and_nobody_else_does()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var first = (await EtcdStore.CreateAsync(options, chosen, TimeProvider.System, deadline.Token)).Ok();
        await first.PutAsync("/a", "1", deadline.Token);
        await using var again = (await EtcdStore.CreateAsync(options, chosen, TimeProvider.System, deadline.Token)).Ok();
        Assert.Equal((chosen, "1"), (again.Identity, (await again.FindAsync("/a", deadline.Token))!.Value.ToString()));
        Assert.Equal("store.exists", Assert.Single((await EtcdStore.CreateAsync(options, next, TimeProvider.System, deadline.Token)).Problems).Rule);
    }

    [EtcdFact]
    public async Task It_becomes_another_store_once_and_only_after_the_raising()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await (await EtcdStore.CreateAsync(options, chosen, TimeProvider.System, deadline.Token)).Ok().DisposeAsync();
        var raised = 0;

        var cut = await RestoredAsync(options, _ => Task.FromResult<Outcome<Done>>(new Problem(ProblemKind.Failed, "test.cut", "Cut off.")));
        Assert.Equal("test.cut", Assert.Single(cut.Problems).Rule);
        await (await EtcdStore.OpenAsync(options, new(chosen, 0), TimeProvider.System, deadline.Token)).Ok().DisposeAsync();

        for (var i = 0; i < 2; i++)
        {
            await using var store = (await RestoredAsync(options, async old =>
            {
                Assert.Equal(chosen, old.Identity);
                await old.PutAsync("/epoch", $"{++raised}", deadline.Token);
                return Outcome.Done;
            })).Ok();
            Assert.Equal(next, store.Identity);
        }

        Assert.Equal(1, raised);
        Assert.Equal("store.exchanged", Assert.Single((await EtcdStore.OpenAsync(options, new(chosen, 0), TimeProvider.System, deadline.Token)).Problems).Rule);
        var other = await EtcdStore.OpenRestoredAsync(options, chosen, chosen with { Incarnation = 9 }, _ => Task.FromResult(Outcome.Done), TimeProvider.System, deadline.Token);
        Assert.Equal("store.not-restored", Assert.Single(other.Problems).Rule);
    }

    [EtcdFact]
    public async Task A_member_that_is_added_has_no_vote_and_can_be_removed()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        const string peer = "http://127.0.0.1:1";
        var added = (await EtcdStore.AddMemberAsync(options, peer, TimeProvider.System, deadline.Token)).Value;
        var learner = Assert.Single(added, m => m.PeerUrls.Contains(peer));
        Assert.Equal((true, ""), (learner.IsLearner, learner.Name));
        Assert.Equal(added.Select(m => m.Id), (await EtcdStore.AddMemberAsync(options, peer, TimeProvider.System, deadline.Token)).Value.Select(m => m.Id));
        await store.PutAsync("/a", "1", deadline.Token);
        Assert.Equal("store.refused-membership", Assert.Single((await EtcdStore.PromoteMemberAsync(options, learner.Id, TimeProvider.System, deadline.Token)).Problems).Rule);

        Assert.Single((await EtcdStore.RemoveMemberAsync(options, learner.Id, TimeProvider.System, deadline.Token)).Value);
        Assert.Equal("store.refused-membership", Assert.Single((await EtcdStore.RemoveMemberAsync(options, learner.Id, TimeProvider.System, deadline.Token)).Problems).Rule);
    }

    private Task<Outcome<EtcdStore>> RestoredAsync(EtcdOptions options, Func<EtcdStore, Task<Outcome<Done>>> raise) =>
        EtcdStore.OpenRestoredAsync(options, chosen, next, raise, TimeProvider.System, deadline.Token);
}
