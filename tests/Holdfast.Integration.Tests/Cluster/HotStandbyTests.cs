using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>A worker that runs on two nodes and acts on one: what leads next was there already.</summary>
public sealed class HotStandbyTests
{
    private const string Hot = "standby: hot\npromote: {signal: USR1}";

    [ClusterFact]
    public async Task Law04_what_stands_by_hot_is_promoted_where_it_runs_and_what_led_stands_by_again()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.DeployWorkerAsync(placement: Hot, hot: true);
        var first = await cluster.SeeEpochAsync(0);
        var leader = (await cluster.LeaderNameAsync())!;
        var other = leader == "node-1" ? "node-2" : "node-1";
        var waiting = await StandbyAsync(cluster, other);
        Assert.DoesNotContain(cluster.Sink.Effects, effect => effect.Pid == waiting);

        // Planned: the process that waited acts, and another one waits where the first one acted.
        (await cluster.Nodes[0].HoldfastAsync("switchover", "worker")).Ok();
        var moved = await cluster.SeeEpochAsync(first.Epoch);
        Assert.Equal(waiting, moved.Pid);
        var next = await StandbyAsync(cluster, leader);
        Assert.NotEqual(first.Pid, next);

        // Unplanned: its node is lost.
        await cluster[other].DieAsync();
        var taken = await cluster.SeeEpochAsync(moved.Epoch);
        Assert.Equal(next, taken.Pid);
        await cluster[other].StartAgentAsync();
        await StandbyAsync(cluster, other);

        // Nothing waits on a node that is drained.
        (await cluster[leader].HoldfastAsync("node", "drain", other, "--why", "new disks")).Ok();
        await Eventually.SeeAsync("nothing that waits", () => cluster[other].HoldfastAsync("ps", "worker", "-o", "json"), said => said.ExitCode == 0 && !said.Output.Contains("\"standsBy\": true", StringComparison.Ordinal));
        (await cluster[leader].HoldfastAsync("node", "resume", other)).Ok();
        await StandbyAsync(cluster, other);

        // A stop is one of all of it.
        (await cluster[leader].HoldfastAsync("stop", "worker")).Ok();
        Assert.False(TestNode.Lives(taken.Pid));
        await Eventually.SeeAsync("nothing of it", () => cluster[leader].HoldfastAsync("ps", "worker", "-A"), said => said.ExitCode == 0 && !said.Output.Contains("standby", StringComparison.Ordinal) && !said.Output.Contains("running", StringComparison.Ordinal));
        Assert.Empty(cluster.Sink.Late);
        Assert.Empty(cluster.Sink.Overlaps());
    }

    [ClusterFact]
    public async Task What_led_hot_and_failed_is_not_made_to_stand_by_there()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.DeployWorkerAsync(placement: Hot, more: "restart: {onExit: failover}", hot: true);
        var first = await cluster.SeeEpochAsync(0);
        var leader = (await cluster.LeaderNameAsync())!;
        var waiting = await StandbyAsync(cluster, leader == "node-1" ? "node-2" : "node-1");
        TestNode.Signal(first.Pid, 9);
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.Equal(waiting, next.Pid);
        await Eventually.SeeAsync("why it does not lead", () => cluster.Nodes[0].HoldfastAsync("leader", "worker"), why => why.Ok().Output.Contains($"it failed on {leader}", StringComparison.Ordinal));
        Assert.Empty(cluster.Sink.Overlaps());
    }

    /// <summary>The process that waits on a node.</summary>
    private static async Task<int> StandbyAsync(TestCluster cluster, string node)
    {
        await Eventually.SeeAsync(
            $"a hot standby on {node}", () => cluster.Nodes.First(one => !one.AgentHasEnded).LookWhoLeadsAsync("worker"),
            led => led?.Candidates.Any(candidate => candidate.Node == node && candidate.Standby == "hot") == true);
        var said = (await cluster[node].HoldfastAsync("ps", "worker")).Ok().Output;
        Assert.Contains("standby", said, StringComparison.Ordinal);
        using var rows = System.Text.Json.JsonDocument.Parse((await cluster[node].HoldfastAsync("ps", "worker", "-o", "json")).Ok().Output);
        var row = Assert.Single(rows.RootElement.EnumerateArray());
        Assert.True(row.GetProperty("standsBy").GetBoolean());
        return row.GetProperty("pid").GetInt32();
    }
}
