using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Leadership with real processes: a worker acts on one node, and when that is lost on another, in a later epoch, and never on two.</summary>
public sealed class FailoverTests
{
    [ClusterFact]
    public async Task Law04_a_node_that_dies_is_followed_by_another_and_comes_back_without_disturbing_it()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var leader = (await cluster.LeaderAsync())!;
        await leader.DieAsync();
        var next = await cluster.SeeEpochAsync(first.Epoch);
        await leader.StartAgentAsync();
        await Eventually.SeeAsync("both nodes present", () => leader.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Split("\"present\"").Length == 3);
        // What it kept from before is not started, and what leads runs on.
        await Eventually.SeeAsync("nothing of its own", () => leader.HoldfastAsync("ps", "worker", "-o", "json"), said => said.ExitCode == 0 && !said.Output.Contains("\"running\"", StringComparison.Ordinal));
        Assert.Equal((next.Epoch, next.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        Assert.Empty(cluster.Sink.Late);
        await ReplayAsync(cluster, first.Epoch, next.Epoch);
    }

    [ClusterFact]
    public async Task Law03_and_04_agents_and_supervisors_that_are_back_before_the_deadline_go_on_in_their_epoch_and_those_that_are_not_are_fenced()
    {
        await using var cluster = await TestCluster.StartAsync(2, leaseSeconds: 10);
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var leader = (await cluster.LeaderAsync())!;

        // Its agent is killed and back.
        await leader.KillAgentAsync();
        await leader.StartAgentAsync();
        await SeeRenewedAsync(leader);
        Assert.Equal((first.Epoch, first.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));

        // Its supervisor is killed: the service ends with it, and the next one goes on in the same epoch.
        TestNode.Signal(leader.SupervisorPid, 9);
        var again = await Eventually.SeeAsync("another process", () => Task.FromResult(cluster.Sink.Last!), last => last.Pid != first.Pid);
        Assert.Equal(first.Epoch, again.Epoch);

        // Its agent stands still past the deadline: the supervisor kills by itself, and another node leads.
        TestNode.Signal(leader.AgentPid, 19);
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.False(TestNode.Lives(again.Pid));
        TestNode.Signal(leader.AgentPid, 18);
        await Eventually.SeeAsync("both nodes present", () => leader.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Split("\"present\"").Length == 3);
        Assert.Equal((next.Epoch, next.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        Assert.Empty(cluster.Sink.Late);
    }

    [ClusterFact]
    public async Task Law04_a_node_that_is_cut_off_from_the_store_stops_before_another_begins()
    {
        await using var cluster = await TestCluster.StartCuttableAsync(2);
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var leader = (await cluster.LeaderNameAsync())!;
        cluster.Cut(leader);
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.False(TestNode.Lives(first.Pid));
        // What it says of itself needs no store; what it is asked to change does.
        var refused = await cluster[leader].HoldfastAsync("stop", "worker");
        Assert.Equal(6, refused.ExitCode);
        cluster.Heal(leader);
        await Eventually.SeeAsync("both nodes present", () => cluster[leader].HoldfastAsync("nodes", "-o", "json"), said => said.Output.Split("\"present\"").Length == 3);
        Assert.Equal((next.Epoch, next.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        Assert.Empty(cluster.Sink.Late);
    }

    [ClusterFact]
    public async Task What_fails_over_on_exit_does_so_at_once_and_does_not_come_back_to_where_it_failed()
    {
        await using var cluster = await TestCluster.StartAsync(2, leaseSeconds: 60);
        await cluster.DeployWorkerAsync(more: "restart: {onExit: failover}");
        var first = await cluster.SeeEpochAsync(0);
        var (leader, began) = ((await cluster.LeaderNameAsync())!, BootClock.SinceBoot);
        TestNode.Signal(first.Pid, 9);
        await cluster.SeeEpochAsync(first.Epoch);
        // No lease had to end for it.
        Assert.InRange(BootClock.SinceBoot - began, TimeSpan.Zero, TimeSpan.FromSeconds(40));
        Assert.NotEqual(leader, await cluster.LeaderNameAsync());
        await Eventually.SeeAsync("why it does not lead", () => cluster.Nodes[0].HoldfastAsync("leader", "worker"), why => why.Ok().Output.Contains($"it failed on {leader}", StringComparison.Ordinal));

        // Where it fails everywhere nobody leads, until somebody starts it again.
        TestNode.Signal(cluster.Sink.Last!.Pid, 9);
        await Eventually.SeeAsync("nobody leads", async () => (await cluster.Nodes[0].HoldfastAsync("leader", "worker", "-o", "json")).Output, said => said.Contains("\"leader\": null", StringComparison.Ordinal));
        var epoch = cluster.Sink.Last!.Epoch;
        (await cluster.Nodes[0].HoldfastAsync("start", "worker")).Ok();
        await cluster.SeeEpochAsync(epoch);
        Assert.Empty(cluster.Sink.Late);
    }

    [ClusterFact]
    public async Task An_operator_moves_drains_pauses_stops_and_proves()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.DeployWorkerAsync(placement: "preferred: [node-2]");
        var first = await cluster.SeeEpochAsync(0);
        var node = cluster.Nodes[0];
        await Eventually.SeeAsync("the preferred node leads", () => cluster.LeaderNameAsync(), leader => leader is not null);
        var from = (await cluster.LeaderNameAsync())!;
        var to = from == "node-1" ? "node-2" : "node-1";

        var preview = (await node.HoldfastAsync("switchover", "worker", "--to", to, "--dry-run")).Ok().Output;
        Assert.Contains($"{from} stops worker of epoch {first.Epoch} by its own rules", preview, StringComparison.Ordinal);
        Assert.Contains($"go to {to} in one transaction", preview, StringComparison.Ordinal);
        Assert.Equal(first.Epoch, cluster.Sink.Last!.Epoch);
        (await node.HoldfastAsync("switchover", "worker", "--to", to)).Ok();
        Assert.Equal(to, await cluster.LeaderNameAsync());
        Assert.Equal(5, (await node.HoldfastAsync("switchover", "worker", "--to", to)).ExitCode);
        Assert.Equal(4, (await node.HoldfastAsync("switchover", "worker", "--to", "node-9")).ExitCode);
        Assert.Equal(4, (await node.HoldfastAsync("switchover", "nothing")).ExitCode);

        var moved = await cluster.SeeEpochAsync(first.Epoch);
        (await node.HoldfastAsync("node", "drain", to, "--why", "new disks")).Ok();
        var drained = await cluster.SeeEpochAsync(moved.Epoch);
        Assert.Equal(from, await cluster.LeaderNameAsync());
        Assert.Contains("new disks", (await node.HoldfastAsync("nodes")).Ok().Output, StringComparison.Ordinal);
        Assert.Equal(3, (await node.HoldfastAsync("switchover", "worker", "--to", to)).ExitCode);
        (await node.HoldfastAsync("node", "resume", to)).Ok();

        // Paused: nobody takes over by itself.
        (await node.HoldfastAsync("cluster", "pause", "--why", "exercise")).Ok();
        var other = cluster[to];
        await cluster[from].DieAsync();
        await Eventually.SeeAsync("the leader's node away", () => other.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Contains("\"away\"", StringComparison.Ordinal));
        Assert.Contains("\"leader\": null", (await other.HoldfastAsync("leader", "worker", "-o", "json")).Ok().Output, StringComparison.Ordinal);
        Assert.Equal(drained.Epoch, cluster.Sink.Last!.Epoch);
        (await other.HoldfastAsync("cluster", "resume")).Ok();
        var resumed = await cluster.SeeEpochAsync(drained.Epoch);
        await cluster[from].StartAgentAsync();

        (await other.HoldfastAsync("stop", "worker")).Ok();
        Assert.False(TestNode.Lives(resumed.Pid));
        (await other.HoldfastAsync("start", "worker")).Ok();
        var started = await cluster.SeeEpochAsync(resumed.Epoch);

        var proof = await other.HoldfastAsync("proof", "worker", "-o", "json");
        using var proven = JsonDocument.Parse(proof.Ok().Output);
        Assert.True(proven.RootElement.GetProperty("whole").GetBoolean());
        var ends = proven.RootElement.GetProperty("epochs").EnumerateArray().ToDictionary(e => e.GetProperty("epoch").GetInt64(), e => e.GetProperty("end").GetString());
        Assert.Equal(("handed-over", "handed-over", "lease-ended", "given-back"), (ends[first.Epoch], ends[moved.Epoch], ends[drained.Epoch], ends[resumed.Epoch]));
        Assert.Null(ends[started.Epoch]);

        var record = (await other.HoldfastAsync("audit", "list", "-o", "json")).Ok().Output;
        Assert.Contains("\"lead\"", record, StringComparison.Ordinal);
        var check = await other.HoldfastAsync("cluster", "check");
        Assert.Contains("what-if", check.Output, StringComparison.Ordinal);
        Assert.Empty(cluster.Sink.Late);

        (await other.HoldfastAsync("remove", "worker")).Ok();
        Assert.False(TestNode.Lives(started.Pid));
        Assert.Equal(4, (await other.HoldfastAsync("leader", "worker")).ExitCode);
        (await other.HoldfastAsync("proof", "worker")).Ok();
    }

    /// <summary>What both nodes decided, the one that died included, is decided again the same, from their files alone.</summary>
    private static async Task ReplayAsync(TestCluster cluster, long first, long next)
    {
        string[] bundles = [.. cluster.Nodes.Select(node => Path.Combine(node.Home, "incident.jsonl"))];
        foreach (var (node, bundle) in cluster.Nodes.Zip(bundles)) (await node.HoldfastAsync("incident", "save", "worker", "--out", bundle)).Ok();
        var replayed = (await cluster.Nodes[0].HoldfastAsync(["incident", "replay", .. bundles])).Ok().Output;
        Assert.Contains($"lets it act in epoch {first}", replayed, StringComparison.Ordinal);
        Assert.Contains($"following → taking: asks for epoch {next}", replayed, StringComparison.Ordinal);
        Assert.Contains("its place is", replayed, StringComparison.Ordinal);
        Assert.Contains("node-1, ", replayed, StringComparison.Ordinal);
        Assert.Contains("node-2, ", replayed, StringComparison.Ordinal);
        Assert.Matches(@"decides all \d+ the same\.\n$", replayed);
    }

    /// <summary>Until this node's agent has renewed the lease that it found.</summary>
    private static async Task SeeRenewedAsync(TestNode node) =>
        await Eventually.SeeAsync("a lease of its own", () => node.HoldfastAsync("cluster", "check"), said => said.Output.Contains("this node's lease lasts", StringComparison.Ordinal));
}
