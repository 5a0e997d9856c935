using Holdfast.Node.Clusters;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>What a cluster costs in which nothing happens.</summary>
public sealed class QuietTests
{
    [ClusterFact]
    public async Task Nothing_is_written_while_nothing_happens_but_renewals_of_leases()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.DeployWorkerAsync();
        await cluster.DeployWorkerAsync("everywhere", mode: "everywhere");
        var home = new Home(cluster.Nodes[0].Home);
        var options = ClusterFile.Need(home).Then(file => ClusterStore.Options(home, file));
        Assert.True(options.IsOk, string.Join("; ", options.Problems));
        var opened = await EtcdStore.OpenAsync(options.Value, null, TimeProvider.System, default);
        Assert.True(opened.IsOk, string.Join("; ", opened.Problems));
        await using var store = opened.Value;

        // More than three leases long, after all has come to rest.
        var quiet = await Eventually.SeeAsync("ten quiet seconds", async () => await QuietAsync(store), length => length > TimeSpan.FromSeconds(10));
        Assert.True(quiet > TimeSpan.FromSeconds(10));
    }

    private long seen;
    private TimeSpan since;

    /// <summary>For how long the store has been at one revision.</summary>
    private async Task<TimeSpan> QuietAsync(EtcdStore store)
    {
        var revision = (await store.RangeAsync(new(KeyRange.Single("/holdfast/v1/")), default)).Value.Revision;
        if (revision != seen) (seen, since) = (revision, BootClock.SinceBoot);
        return BootClock.SinceBoot - since;
    }
}
