using Holdfast.Integration.Tests.Machines;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Leadership on machines that are cut off from each other, freeze, and lose their power: what is received must never be of two epochs at once (law 4).</summary>
public sealed class NetworkTests
{
    [NetworkFact]
    public async Task Law04_a_leader_that_is_cut_off_is_dead_before_another_acts_and_what_is_right_on_its_node_goes_on()
    {
        await using var cluster = await NetworkCluster.StartAsync();
        var first = await cluster.DeployWorkerAsync();
        var cut = cluster.MachineOf(first);
        var steady = await DeploySteadyAsync(cluster, cut);

        await cluster.Network.CutAsync(cut);
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.False(TestNode.Lives(first.Pid));
        var leads = $"node-{cluster.MachineOf(next)}";
        Assert.NotEqual($"node-{cut}", leads);

        await cluster.Network.HealAsync(cut);
        await Eventually.SeeAsync("the old leader following", () => cluster.LeadershipAsync(cut), led => led.Leader == leads && led.Able == 3);
        var now = await cluster.SeeActingAsync();
        Assert.Equal((next.Epoch, next.Pid), (now.Epoch, now.Pid));
        Assert.Equal(steady, (await cluster.Node(cut).PsAsync("steady")).Pid);
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_a_leader_whose_answers_are_lost_or_who_hears_none_is_dead_before_another_acts()
    {
        await using var cluster = await NetworkCluster.StartAsync();
        var first = await cluster.DeployWorkerAsync();
        foreach (var oneWay in new[] { cluster.Network.MuteAsync, (Func<int, Task>)cluster.Network.DeafenAsync })
        {
            var before = await cluster.SeeActingAsync();
            var machine = cluster.MachineOf(before);
            await oneWay(machine);
            var next = await cluster.SeeEpochAsync(before.Epoch);
            Assert.False(TestNode.Lives(before.Pid));
            Assert.NotEqual(machine, cluster.MachineOf(next));
            await cluster.Network.HealAsync(machine);
            await cluster.AllCanLeadAsync();
        }

        Assert.Equal(first.Epoch + 2, (await cluster.SeeActingAsync()).Epoch);
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_the_supervisor_ends_what_an_agent_leads_that_is_frozen_past_the_deadline()
    {
        await using var cluster = await NetworkCluster.StartAsync();
        var first = await cluster.DeployWorkerAsync();
        var agent = cluster.Node(cluster.MachineOf(first)).AgentPid;
        var frozen = cluster.MachineOf(first);
        TestNode.Signal(agent, 19);
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.False(TestNode.Lives(first.Pid));
        var leads = $"node-{cluster.MachineOf(next)}";
        TestNode.Signal(agent, 18);
        await Eventually.SeeAsync("the frozen node following", () => cluster.LeadershipAsync(frozen), led => led.Leader == leads && led.Able == 3);
        Assert.Equal(next.Pid, (await cluster.SeeActingAsync()).Pid);
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_a_supervisor_that_is_back_before_the_deadline_goes_on_in_its_epoch()
    {
        // Long enough for the agent to meet the new supervisor, also on a busy machine.
        await using var cluster = await NetworkCluster.StartAsync(leaseSeconds: 10);
        var first = await cluster.DeployWorkerAsync();
        var node = cluster.Node(cluster.MachineOf(first));
        var supervisor = node.SupervisorPid;
        TestNode.Signal(supervisor, 9);
        await Eventually.SeeAsync("another supervisor", () => node.SupervisorPid != supervisor);
        var now = await cluster.SeeActingAsync();
        var over = BootClock.SinceBoot + TimeSpan.FromSeconds(11);
        now = await Eventually.SeeAsync("effects after a whole lease", () => Task.FromResult(cluster.Sink.Last!), last => last.At > over || last.Epoch != first.Epoch);
        Assert.Equal(first.Epoch, now.Epoch);
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_a_machine_that_is_lost_with_the_leader_of_etcd_is_followed_by_another_and_comes_back_as_a_follower()
    {
        await using var cluster = await NetworkCluster.StartAsync();
        var first = await cluster.DeployWorkerAsync();
        var machine = cluster.EtcdLeader;
        if (cluster.MachineOf(first) != machine)
        {
            (await cluster.Node(machine).HoldfastAsync("switchover", "worker", "--to", $"node-{machine}")).Ok();
            first = await cluster.SeeEpochAsync(first.Epoch);
            Assert.Equal(machine, cluster.MachineOf(first));
        }

        await cluster.Network.PowerOffAsync(machine);
        var next = await cluster.SeeEpochAsync(first.Epoch);
        await cluster.PowerOnAsync(machine);
        await cluster.AllCanLeadAsync();
        var now = await cluster.SeeActingAsync();
        Assert.Equal((next.Epoch, next.Pid), (now.Epoch, now.Pid));
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_a_leader_without_a_store_stops_at_its_deadline_says_so_and_one_leads_again_when_the_store_is_back()
    {
        await using var cluster = await NetworkCluster.StartAsync();
        var first = await cluster.DeployWorkerAsync();
        var machine = cluster.MachineOf(first);
        var others = cluster.Machines.Where(other => other != machine).ToList();
        foreach (var other in others) cluster.Etcd(other).Kill();
        await Eventually.SeeAsync("the end of what it leads", () => !TestNode.Lives(first.Pid));
        var shown = await Eventually.SeeAsync("why it does not run", () => cluster.Node(machine).HoldfastAsync("ps"), said => said.Output.Contains($"node-{machine} has no lease in the store, so it leads nothing", StringComparison.Ordinal));
        Assert.DoesNotContain("running", shown.Output, StringComparison.Ordinal);
        Assert.Contains("who leads now may be another", (await cluster.Node(machine).HoldfastAsync("leader", "worker")).Ok().Output, StringComparison.Ordinal);
        foreach (var other in others) cluster.Etcd(other).Start();
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.NotEqual(first.Pid, next.Pid);
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_a_leader_whose_disk_is_full_leads_alone_or_not_at_all()
    {
        await using var disk = await SmallDisk.MountAsync(48);
        await using var cluster = await NetworkCluster.StartAsync(firstRoot: disk.NodeFolder);
        var first = await cluster.DeployWorkerAsync("preferred: [node-1]");
        Assert.Equal(1, cluster.MachineOf(first));
        disk.Fill();
        var over = BootClock.SinceBoot + TimeSpan.FromSeconds(4);
        await Eventually.SeeAsync("effects after a whole lease", () => cluster.Sink.Last!.At > over);
        cluster.NobodyActedBesideAnother();

        // It cannot write down how its epoch ended, and must end it all the same.
        var before = await cluster.SeeActingAsync();
        await cluster.Network.CutAsync(1);
        await cluster.SeeEpochAsync(before.Epoch);
        disk.MakeRoom();
        await cluster.Network.HealAsync(1);
        await cluster.AllCanLeadAsync();
        await cluster.SeeActingAsync();
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_what_wakes_on_a_machine_that_was_paused_past_the_deadline_is_refused_and_ends()
    {
        await using var cluster = await NetworkCluster.StartAsync();
        var first = await cluster.DeployWorkerAsync();
        var paused = cluster.MachineOf(first);
        cluster.Network.Freeze(paused);
        var next = await cluster.SeeEpochAsync(first.Epoch);
        cluster.Network.Thaw(paused);
        await Eventually.SeeAsync("the end of what was paused", () => !TestNode.Lives(first.Pid));
        await cluster.AllCanLeadAsync();
        var now = await cluster.SeeActingAsync();
        Assert.Equal((next.Epoch, next.Pid), (now.Epoch, now.Pid));

        // Who was paused could do something before anybody could end it; the receiver knows it by its epoch.
        Assert.All(cluster.Sink.Late, late => Assert.Equal((first.Epoch, first.Pid), (late.Epoch, late.Pid)));
    }

    [ScarceFact]
    public async Task Law04_a_leader_whose_machine_gets_hardly_any_processor_time_is_dead_before_another_acts()
    {
        await using var cluster = await NetworkCluster.StartAsync();
        var first = await cluster.DeployWorkerAsync();
        var starved = cluster.MachineOf(first);
        // All that leads and keeps it; what is led has all the time it wants, and would go on if it were let.
        using (ScarceProcessor.For(cluster.Network.PidsOn(starved).Where(pid => pid != first.Pid), thousandths: 10))
        {
            var next = await cluster.SeeEpochAsync(first.Epoch);
            Assert.False(TestNode.Lives(first.Pid));
            Assert.NotEqual(starved, cluster.MachineOf(next));
            cluster.NobodyActedBesideAnother();
        }

        await cluster.AllCanLeadAsync();
        await cluster.SeeActingAsync();
        cluster.NobodyActedBesideAnother();
    }

    /// <summary>A service that nobody leads, on one node; its PID.</summary>
    private static async Task<int> DeploySteadyAsync(NetworkCluster cluster, int machine)
    {
        var package = await new ServiceFolder(cluster.Node(1), "steady").Write(ServiceFolder.Steady, $"placement: {{mode: replicas, replicas: 1, possible: [node-{machine}]}}").SignedAsync();
        (await cluster.Node(machine).HoldfastAsync("deploy", package)).Ok();
        return (await cluster.Node(machine).SeeAsync("running", "steady", row => row is { State: "running", Pid: > 0 })).Pid;
    }
}
