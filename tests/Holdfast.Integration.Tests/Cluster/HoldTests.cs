using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>A leader whose spec says so goes on while the store is away and every other node promises not to lead; with real processes.</summary>
public sealed class HoldTests
{
    private const string Hold = "onStoreLoss: hold-if-all-peers-agree";

    [ClusterFact]
    public async Task Law04_and_09_a_leader_that_does_not_reach_the_store_goes_on_by_its_peers_promises_and_keeps_its_epoch_when_it_does()
    {
        await using var cluster = await TestCluster.StartCuttableAsync(3);
        await cluster.DeployWorkerAsync(placement: Hold);
        var first = await cluster.SeeEpochAsync(0);
        var leader = (await cluster.LeaderNameAsync())!;
        var other = cluster.Nodes.First(node => node != cluster[leader]);
        await SeeAsync(cluster[leader], "when the store is away it goes on");

        // The store is there for all others, and ends the lease: only their promises keep them from leading.
        cluster.Cut(leader);
        await SeeAsync(cluster[leader], "gone on without its lease");
        await Eventually.SeeAsync("that nobody leads by the store", async () => (await other.HoldfastAsync("leader", "worker", "-o", "json")).Output, said => said.Contains("\"leader\": null", StringComparison.Ordinal));
        await SeeEffectsAsync(cluster, 20);
        Assert.Equal((first.Epoch, first.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));

        cluster.Heal(leader);
        await Eventually.SeeAsync("that it leads by the store", async () => (await other.HoldfastAsync("leader", "worker", "-o", "json")).Output, said => said.Contains($"\"leader\": \"{leader}\"", StringComparison.Ordinal));
        await SeeAsync(cluster[leader], "when the store is away it goes on");
        await SeeEffectsAsync(cluster, 20);
        Assert.Equal((first.Epoch, first.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        Assert.Empty(cluster.Sink.Late);
        var record = (await cluster[leader].HoldfastAsync("audit", "list")).Ok().Output;
        Assert.Contains("goes on without its lease", record, StringComparison.Ordinal);
        Assert.Contains("not to lead above epoch", (await other.HoldfastAsync("audit", "list")).Ok().Output, StringComparison.Ordinal);

        // What was decided is kept, and decided again the same.
        var bundle = Path.Combine(cluster[leader].Home, "incident.jsonl");
        (await cluster[leader].HoldfastAsync("incident", "save", "worker", "--out", bundle)).Ok();
        Assert.Contains("all peers have promised not to lead", (await other.HoldfastAsync("incident", "replay", bundle)).Ok().Output, StringComparison.Ordinal);

        // It is an epoch like any other: it can be moved.
        (await other.HoldfastAsync("switchover", "worker")).Ok();
        await cluster.SeeEpochAsync(first.Epoch);
    }

    /// <summary>patroni#3403: the primary was demoted although all members agreed, because all of etcd was stopped.</summary>
    [ClusterFact]
    public async Task Law04_and_09_a_leader_goes_on_when_the_whole_store_is_lost_and_stops_at_its_deadline_when_one_peer_is_silent()
    {
        await using var cluster = await TestCluster.StartCuttableAsync(3);
        await cluster.DeployWorkerAsync(placement: Hold);
        var first = await cluster.SeeEpochAsync(0);
        var leader = (await cluster.LeaderNameAsync())!;
        var peer = cluster.Nodes.First(node => node != cluster[leader]);
        await SeeAsync(cluster[leader], "when the store is away it goes on");
        for (var i = 1; i <= 3; i++) cluster.Cut($"node-{i}");
        await SeeAsync(cluster[leader], "gone on without its lease");
        await SeeEffectsAsync(cluster, 20);
        Assert.Equal((first.Epoch, first.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));

        TestNode.Signal(peer.AgentPid, 19);
        await Eventually.SeeAsync("the leader's end", () => Task.FromResult(TestNode.Lives(first.Pid)), lives => !lives);
        TestNode.Signal(peer.AgentPid, 18);
        for (var i = 1; i <= 3; i++) cluster.Heal($"node-{i}");
        await cluster.SeeEpochAsync(first.Epoch);
        Assert.Empty(cluster.Sink.Late);
    }

    private static Task<string> SeeAsync(TestNode node, string words) =>
        Eventually.SeeAsync(words, async () => (await node.HoldfastAsync("leader", "worker")).Output, said => said.Contains(words, StringComparison.Ordinal));

    /// <summary>Effects that come from now on.</summary>
    private static async Task SeeEffectsAsync(TestCluster cluster, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var last = cluster.Sink.Last;
            await Eventually.SeeAsync("another effect", () => Task.FromResult(cluster.Sink.Last), now => !ReferenceEquals(now, last));
        }
    }
}
