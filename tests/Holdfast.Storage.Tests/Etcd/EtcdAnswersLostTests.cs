using Holdfast.Core.Problems;
using Holdfast.Storage.Etcd;
using Holdfast.Testing;
using Holdfast.Testing.Network;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>Between the store and its etcd lies a network. What it loses is found; what cannot be found is said to be unknown, and nothing else is.</summary>
[NeedsEtcd]
public sealed class EtcdAnswersLostTests(OneEtcd etcd) : IClassFixture<OneEtcd>, IAsyncLifetime
{
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60), TimeProvider.System);
    private Relay? relay;
    private EtcdOptions? options;

    private Relay Wire => relay!;

    private EtcdOptions Direct => options!;

    /// <summary>By way of the relay.</summary>
    private EtcdOptions Wired => Direct with { Endpoints = [Wire.Address], CallTimeout = TimeSpan.FromSeconds(20) };

    public Task InitializeAsync()
    {
        if (EtcdProcess.WhyNot() is not null) return Task.CompletedTask;
        options = etcd.Cluster.NewOptions();
        relay = new Relay(etcd.Cluster.Members[0].Endpoint);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (relay is not null) await relay.DisposeAsync();
        deadline.Dispose();
    }

    [EtcdFact]
    public async Task A_commit_whose_answer_is_lost_is_done_once_and_its_answer_found()
    {
        await using var watcher = await CreateAsync(Direct);
        await using var store = await OpenAsync(Wired);
        await store.PutAsync("/count", "1", deadline.Token);
        Wire.HoldAnswers();
        var request = new Transaction { If = [Compare.Absent("/a")], Then = [new Operation.Put("/a", "1")], Else = [new Operation.Put("/twice", "1")] };
        var commit = store.CommitAsync(request, deadline.Token);
        var done = await Eventually.SeeAsync("the change", () => watcher.FindAsync("/a", deadline.Token), i => i is not null);
        Wire.Cut();
        Wire.Release();
        var decided = Assert.IsType<CommitResult.Decided>(await commit);
        Assert.Equal((true, true, done!.ModRevision), (decided.Succeeded, decided.Replayed, decided.Revision));
        Assert.Null(await watcher.FindAsync("/twice", deadline.Token));
    }

    [EtcdFact]
    public async Task Where_the_answer_stays_away_the_outcome_is_unknown_and_settled_later()
    {
        await using var watcher = await CreateAsync(Direct);
        await using var store = await OpenAsync(Wired with { AttemptTimeout = TimeSpan.FromMilliseconds(300), CallTimeout = TimeSpan.FromSeconds(1) });
        await store.PutAsync("/count", "1", deadline.Token);
        Wire.HoldAnswers();
        var request = new Transaction { Then = [new Operation.Put("/a", "1")] };
        var unknown = Assert.IsType<CommitResult.Unknown>(await store.CommitAsync(request, deadline.Token));
        Assert.Equal((request.RequestId, ProblemKind.Unavailable), (unknown.RequestId, unknown.Problem.Kind));
        Wire.Cut();
        Wire.Release();
        var settled = await Eventually.SeeAsync("an answer", () => store.SettleAsync(request.RequestId, deadline.Token), s => s.IsOk);
        Assert.Equal((await watcher.FindAsync("/a", deadline.Token))!.ModRevision, Assert.IsType<Settlement.Happened>(settled.Value).Revision);
    }

    [EtcdFact]
    public async Task Where_nothing_was_sent_nothing_happened()
    {
        await (await CreateAsync(Direct)).DisposeAsync();
        await using var store = await OpenAsync(Wired with { CallTimeout = TimeSpan.FromMilliseconds(500) });
        await store.PutAsync("/count", "1", deadline.Token);
        await Wire.DisposeAsync();
        relay = null;
        // The first call may learn of the end of a connection that it has written to.
        await store.CommitAsync(new Transaction { Then = [new Operation.Put("/b", "1")] }, deadline.Token);
        var failed = Assert.IsType<CommitResult.Failed>(await store.CommitAsync(new Transaction { Then = [new Operation.Put("/a", "1")] }, deadline.Token));
        Assert.Equal("store.unavailable", failed.Problem.Rule);
        Assert.Contains("127.0.0.1", failed.Problem.What);
    }

    [EtcdFact]
    public async Task A_grant_whose_answer_is_lost_is_one_lease()
    {
        await (await CreateAsync(Direct)).DisposeAsync();
        await using var store = await OpenAsync(Wired with { AttemptTimeout = TimeSpan.FromMilliseconds(500) });
        await store.PutAsync("/count", "1", deadline.Token);
        Wire.HoldAnswers();
        var grant = store.GrantLeaseAsync(TimeSpan.FromSeconds(60), deadline.Token);
        await Task.WhenAny(grant, Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System));
        Wire.Cut();
        Wire.Release();
        var lease = (await grant).Value;
        Assert.Equal(TimeSpan.FromSeconds(60), lease.Length);
        Assert.Equal(lease, (await store.KeepLeaseAsync(lease.Id, deadline.Token)).Value);
    }

    [EtcdFact]
    public async Task A_revoking_whose_answer_is_lost_is_done()
    {
        await using var watcher = await CreateAsync(Direct);
        await using var store = await OpenAsync(Wired);
        var lease = (await store.GrantLeaseAsync(TimeSpan.FromSeconds(60), deadline.Token)).Value;
        await store.PutAsync("/a", "1", deadline.Token, lease.Id);
        Wire.HoldAnswers();
        var revoking = store.RevokeLeaseAsync(lease.Id, deadline.Token);
        await Eventually.SeeAsync("the key's end", () => watcher.FindAsync("/a", deadline.Token), i => i is null);
        Wire.Cut();
        Wire.Release();
        Assert.True((await revoking).IsOk);
    }

    /// <summary>vip-manager#194: a watch hung for 15 minutes; vip-manager#394, dotnet-etcd#264: a watch that was cut was never heard of again.</summary>
    [EtcdFact]
    public async Task VipManager194_a_watch_whose_network_goes_silent_is_made_again_and_misses_nothing()
    {
        await using var writer = await CreateAsync(Direct);
        await using var store = await OpenAsync(Wired with { WatchSilence = TimeSpan.FromMilliseconds(300), AttemptTimeout = TimeSpan.FromMilliseconds(500) });
        var first = await writer.PutAsync("/w", "0", deadline.Token);
        await using var watch = store.WatchAsync(KeyRange.Single("/w"), first, deadline.Token).GetAsyncEnumerator(deadline.Token);
        Assert.Equal(["0"], await NextAsync(watch));
        var next = NextAsync(watch);
        var held = Wire.Connections;
        Wire.Hold();
        await writer.PutAsync("/w", "1", deadline.Token);
        await writer.PutAsync("/w", "2", deadline.Token);
        // The connection is not cut and never will be: only the silence tells. New ones are let through.
        await Eventually.SeeAsync("an attempt to connect anew", () =>
        {
            Wire.PassNew();
            return Wire.Connections > held || next.IsCompleted;
        });
        var seen = new List<string>(await next);
        while (seen.Count < 2) seen.AddRange(await NextAsync(watch));
        Assert.Equal(["1", "2"], seen);
    }

    [EtcdFact]
    public async Task A_watch_that_is_cut_again_and_again_tells_each_change_once()
    {
        const int Changes = 200;
        await using var writer = await CreateAsync(Direct);
        await using var store = await OpenAsync(Wired);
        var first = await writer.PutAsync("/w", "0", deadline.Token);
        var reading = Task.Run(async () =>
        {
            var seen = new List<string>();
            await foreach (var batch in store.WatchAsync(KeyRange.Single("/w"), first, deadline.Token))
            {
                seen.AddRange(Assert.IsType<WatchBatch.Changes>(batch).Items.Select(c => c.Item.Value.ToString()));
                if (seen.Count > Changes) break;
            }

            return seen;
        });
        for (var i = 1; i <= Changes; i++)
        {
            await writer.PutAsync("/w", $"{i}", deadline.Token);
            if (i % 20 == 0) Wire.Cut();
        }

        Assert.Equal(Enumerable.Range(0, Changes + 1).Select(i => $"{i}"), await reading);
    }

    private static async Task<List<string>> NextAsync(IAsyncEnumerator<WatchBatch> watch)
    {
        Assert.True(await watch.MoveNextAsync(), "the watch ended");
        return [.. Assert.IsType<WatchBatch.Changes>(watch.Current).Items.Select(c => c.Item.Value.ToString())];
    }

    private async Task<EtcdStore> CreateAsync(EtcdOptions which) => (await EtcdStore.CreateAsync(which, TimeProvider.System, deadline.Token)).Ok();

    private async Task<EtcdStore> OpenAsync(EtcdOptions which) => (await EtcdStore.OpenAsync(which, null, TimeProvider.System, deadline.Token)).Ok();
}
