using Holdfast.Core.Problems;
using Holdfast.Rpc.Health;
using Holdfast.Rpc.Server;
using Holdfast.Storage.Etcd;
using Holdfast.Testing;
using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests.Etcd;

/// <summary>An etcd that was put back, exchanged, is full, is somebody else's, or is none: each is noticed and said, and nothing is changed.</summary>
public sealed class EtcdBadDaysTests : IDisposable
{
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(90), TimeProvider.System);

    public void Dispose() => deadline.Dispose();

    [EtcdFact]
    public async Task An_etcd_that_is_put_back_under_a_running_node_is_noticed_and_nothing_is_answered_any_more()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        await store.PutAsync("/epoch", "1", deadline.Token);
        await PutBackAsync(etcd.Members[0], () => PutManyAsync(store));

        var read = await store.RangeAsync(new RangeQuery(KeyRange.All), deadline.Token);
        Assert.Equal("store.went-back", Assert.Single(read.Problems).Rule);
        Assert.Equal("store.went-back", await RuleOfCommitAsync(store));
        var watched = new List<WatchBatch>();
        await foreach (var batch in store.WatchAsync(KeyRange.All, 1, deadline.Token)) watched.Add(batch);
        Assert.Equal("store.went-back", Assert.IsType<WatchBatch.Lost>(Assert.Single(watched)).Problem.Rule);
    }

    [EtcdFact]
    public async Task An_etcd_that_was_put_back_while_the_node_was_away_is_not_opened()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        long last = 0;
        await PutBackAsync(etcd.Members[0], async () => last = await PutManyAsync(store));
        await store.DisposeAsync();

        var again = await EtcdStore.OpenAsync(options, new StoreMoment(store.Identity, last), TimeProvider.System, deadline.Token);
        var problem = Assert.Single(again.Problems);
        Assert.Equal(("store.went-back", ProblemKind.Damaged), (problem.Rule, problem.Kind));
        Assert.Contains("cluster restore", problem.Mend!);
    }

    [EtcdFact]
    public async Task Another_store_under_the_same_name_is_not_taken_for_the_one_before()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        var other = store.Identity with { Incarnation = 7 };
        var again = await EtcdStore.OpenAsync(options, new StoreMoment(other, 1), TimeProvider.System, deadline.Token);
        Assert.Equal("store.exchanged", Assert.Single(again.Problems).Rule);
    }

    [EtcdFact]
    public async Task An_etcd_made_anew_at_the_same_address_is_another()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        using var other = await EtcdCluster.StartAsync(1);
        await using var relay = new Holdfast.Testing.Network.Relay(etcd.Members[0].Endpoint);
        var options = etcd.NewOptions() with { Endpoints = [relay.Address] };
        await using var store = (await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Ok();
        await store.PutAsync("/a", "1", deadline.Token);
        relay.Target = other.Members[0].Endpoint;
        relay.Cut();
        Assert.Equal("store.exchanged", await RuleOfCommitAsync(store));
        Assert.Equal("store.exchanged", Assert.Single((await store.KeepLeaseAsync(1, deadline.Token)).Problems).Rule);
    }

    [EtcdFact]
    public async Task Clusters_share_an_etcd_by_name_and_a_name_is_given_once()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        var options = etcd.NewOptions();
        await using var prod = (await EtcdStore.CreateAsync(options with { Cluster = "prod" }, TimeProvider.System, deadline.Token)).Ok();
        await using var prod2 = (await EtcdStore.CreateAsync(options with { Cluster = "prod-2" }, TimeProvider.System, deadline.Token)).Ok();
        await prod.PutAsync("/a", "1", deadline.Token);
        Assert.Empty((await prod2.RangeAsync(new RangeQuery(KeyRange.All), deadline.Token)).Value.Items);

        var again = Assert.Single((await EtcdStore.CreateAsync(options with { Cluster = "prod" }, TimeProvider.System, deadline.Token)).Problems);
        Assert.Equal(("store.exists", ProblemKind.Conflict), (again.Rule, again.Kind));
        var missing = Assert.Single((await EtcdStore.OpenAsync(options with { Cluster = "prod-3" }, null, TimeProvider.System, deadline.Token)).Problems);
        Assert.Equal("store.missing", missing.Rule);
    }

    [EtcdFact]
    public async Task An_etcd_at_its_quota_takes_nothing_and_says_so()
    {
        using var etcd = await EtcdCluster.StartAsync(1, "--quota-backend-bytes", "4194304");
        await using var store = (await EtcdStore.CreateAsync(etcd.NewOptions(), TimeProvider.System, deadline.Token)).Ok();
        CommitResult result;
        do
        {
            result = await store.CommitAsync(new Transaction { Then = [new Operation.Put("/big", new Bytes(new byte[1_000_000]))] }, deadline.Token);
        }
        while (result is CommitResult.Decided);
        var problem = Assert.IsType<CommitResult.Failed>(result).Problem;
        Assert.Equal("store.no-space", problem.Rule);
        Assert.Contains("disarm", problem.Mend!);
        Assert.NotEmpty((await store.RangeAsync(new RangeQuery(KeyRange.All), deadline.Token)).Value.Items);
        Assert.Contains((await EtcdStore.StatusAsync(etcd.NewOptions(), TimeProvider.System, deadline.Token))[0].Errors, e => e.Contains("NOSPACE"));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_said_with_the_address()
    {
        var options = new EtcdOptions { Endpoints = [new("http://127.0.0.1:1")], Cluster = "prod", CallTimeout = TimeSpan.FromMilliseconds(200) };
        var problem = Assert.Single((await EtcdStore.OpenAsync(options, null, TimeProvider.System, deadline.Token)).Problems);
        Assert.Equal(ProblemKind.Unavailable, problem.Kind);
        Assert.Contains("127.0.0.1:1", problem.What);
    }

    [Fact]
    public async Task What_is_not_an_etcd_is_said_to_be_none()
    {
        await using var host = await RpcHost.ListenTcpAsync(new(System.Net.IPAddress.Loopback, 0), new RpcServer(new RpcServerOptions { OnBug = (_, _) => { } }, TimeProvider.System, new HealthService()), deadline.Token);
        var options = new EtcdOptions { Endpoints = [new(host.Addresses.Single())], Cluster = "prod" };
        Assert.Equal("store.not-etcd", Assert.Single((await EtcdStore.OpenAsync(options, null, TimeProvider.System, deadline.Token)).Problems).Rule);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:2379", "prod", "ftp")]
    [InlineData("http://127.0.0.1:2379", "Prod", "Prod")]
    [InlineData("http://127.0.0.1:2379", "", "0 characters")]
    [InlineData("http://127.0.0.1:2379", "-prod", "-prod")]
    [InlineData("http://127.0.0.1:2379", "prod.store", "prod.store")]
    public async Task Options_that_cannot_be_meant_are_refused(string endpoint, string cluster, string named)
    {
        var options = new EtcdOptions { Endpoints = [new(endpoint)], Cluster = cluster };
        var problem = Assert.Single((await EtcdStore.CreateAsync(options, TimeProvider.System, deadline.Token)).Problems);
        Assert.Equal(("store.etcd-options", ProblemKind.BadInput), (problem.Rule, problem.Kind));
        Assert.Contains(named, problem.What);
    }

    /// <summary>Does something to the etcd, and then gives it back the data it had before.</summary>
    private static async Task PutBackAsync(EtcdProcess member, Func<Task> lost)
    {
        var kept = member.Data + ".kept";
        member.Kill();
        Copy(member.Data, kept);
        member.Start();
        await lost();
        member.Kill();
        Directory.Delete(member.Data, recursive: true);
        Directory.Move(kept, member.Data);
        member.Start();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>The revision of the last.</summary>
    private async Task<long> PutManyAsync(EtcdStore store)
    {
        long last = 0;
        for (var i = 0; i < 20; i++) last = await store.PutAsync("/epoch", $"{i}", deadline.Token);
        return last;
    }

    private async Task<string> RuleOfCommitAsync(EtcdStore store)
    {
        var result = await store.CommitAsync(new Transaction { Then = [new Operation.Put("/a", "1")] }, deadline.Token);
        return result switch
        {
            CommitResult.Failed failed => failed.Problem.Rule,
            CommitResult.Unknown unknown => unknown.Problem.Rule,
            _ => throw new InvalidOperationException($"It was {result}."),
        };
    }
}
