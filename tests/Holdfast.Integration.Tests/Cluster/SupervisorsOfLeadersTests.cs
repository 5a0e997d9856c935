using Holdfast.Integration.Tests.Nodes;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Who keeps the deadline of what leads: a supervisor that can, and one does not wait for another.</summary>
public sealed class SupervisorsOfLeadersTests
{
    [ClusterFact]
    public async Task Law04_a_supervisor_that_stands_still_does_not_cost_the_others_their_lease()
    {
        await using var cluster = await TestCluster.StartAsync(1, leaseSeconds: 6);
        var node = cluster.Nodes[0];
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        (await new ServiceFolder(node, "aside").Write("while :; do sleep 1; done", "supervisor: dedicated").DeployAsync()).Ok();
        var own = node.SupervisorPidOf("aside");
        Assert.True(own > 0 && own != node.SupervisorPid);

        TestNode.Signal(own, 19);
        var until = BootClock.SinceBoot + TimeSpan.FromSeconds(15);
        var seen = await Eventually.SeeAsync("effects after more than two leases", () => Task.FromResult((At: BootClock.SinceBoot, cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid)), now => now.At > until);
        TestNode.Signal(own, 18);
        Assert.Equal((first.Epoch, first.Pid), (seen.Epoch, seen.Pid));
        Assert.True(TestNode.Lives(first.Pid));
        Assert.Empty(cluster.Sink.Late);
    }

    [ClusterFact]
    public async Task A_node_that_leads_becomes_another_build_and_leads_on()
    {
        await using var cluster = await TestCluster.StartAsync(1, leaseSeconds: 10);
        var node = cluster.Nodes[0];
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        (await node.HoldfastAsync("upgrade", "--to", node.CopyOfPrograms("next"))).Ok();
        var now = cluster.Sink.Last!;
        var seen = await Eventually.SeeAsync("later effects", () => Task.FromResult(cluster.Sink.Last!), last => last != now);
        Assert.Equal((first.Epoch, first.Pid), (seen.Epoch, seen.Pid));

        // One that knows no clusters cannot read the store.
        var refused = (await node.HoldfastAsync("upgrade", "--to", KeptBuild.LayOut(node))).Expect(3);
        Assert.Contains("upgrade.not-proven", refused.Error, StringComparison.Ordinal);
        Assert.True(TestNode.Lives(first.Pid));
        Assert.Empty(cluster.Sink.Late);
    }

    [ClusterFact]
    public async Task Law04_what_acts_under_a_lease_is_not_handed_to_a_version_that_keeps_no_deadline()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var node = cluster.Nodes[0];
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var supervisor = node.SupervisorPid;
        await using var client = new SupervisorClient(new(new Home(node.Home)), TimeProvider.System);
        var refused = await client.UpgradeAsync(Path.Combine(KeptBuild.LayOut(node), "holdfast-supervisor"), default);
        Assert.Contains("format 2", string.Join("; ", refused.Problems), StringComparison.Ordinal);
        Assert.Equal((supervisor, first.Epoch, first.Pid), (node.SupervisorPid, cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        Assert.True(TestNode.Lives(first.Pid));
    }

    [ClusterFact]
    public async Task Law04_a_supervisor_of_the_version_before_is_not_told_to_lead()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var node = cluster.Nodes[0];
        await KeepBySupervisorOfBeforeAsync(node);
        var refused = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => cluster.DeployWorkerAsync());
        Assert.Contains("release 1 of worker failed: the supervisor is of a version that keeps no deadline", refused.Message, StringComparison.Ordinal);
        Assert.Null(cluster.Sink.Last);
        (await node.HoldfastAsync("upgrade")).Ok();
        await cluster.DeployWorkerAsync();
        await cluster.SeeEpochAsync(0);
    }

    /// <summary>As a node is in the middle of an upgrade: its agent is of this version, and its supervisor is not yet.</summary>
    private static async Task KeepBySupervisorOfBeforeAsync(TestNode node)
    {
        await node.DieAsync();
        var started = await SupervisorLauncher.EnsureRunningAsync(new(new Home(node.Home)), TimeProvider.System, default, Path.Combine(KeptBuild.LayOut(node), "holdfast-supervisor"));
        Assert.True(started.IsOk, string.Join("; ", started.Problems));
        var identity = await started.Value.ConnectAsync(default);
        Assert.Equal(KeptBuild.Version, identity.Value.Version);
        await started.Value.DisposeAsync();
        await node.StartAgentAsync();
        Assert.Equal(identity.Value.Pid, node.SupervisorPid);
    }
}
