using System.Text.Json;
using Holdfast.Integration.Tests.Machines;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Node.Clusters;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Storage;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Machines that go down in order hand over what leads on them. Leases of a minute: nobody has waited for one.</summary>
public sealed class HandoverTests
{
    [ClusterFact]
    public async Task What_leads_here_is_handed_over_then_the_lease_is_given_up_and_nothing_of_it_lasts()
    {
        await using var cluster = await TestCluster.StartAsync(2, leaseSeconds: 60);
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var name = (await cluster.LeaderNameAsync())!;
        var (leader, otherName) = (cluster[name], name == "node-1" ? "node-2" : "node-1");
        var other = cluster[otherName];
        (await leader.HoldfastAsync("node", "handover", "--why", "patch day")).Ok();
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.Equal("handed-over", await EndAsync(other, first.Epoch));
        Assert.Equal(otherName, (await other.LookWhoLeadsAsync("worker"))!.Leader);
        await Eventually.SeeAsync("its lease is no more", () => other.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Contains("\"away\"", StringComparison.Ordinal));
        Assert.Contains("node-handover", (await leader.HoldfastAsync("audit", "list", "-o", "json")).Ok().Output, StringComparison.Ordinal);

        // Law 3: an agent that is told to end hands nothing over, and stops nothing.
        await other.StopAgentAsync();
        Assert.True(TestNode.Lives(next.Pid));
        await other.StartAgentAsync();

        // The machine has booted: its node takes part as before, and may be led on.
        await leader.StopAgentAsync();
        await leader.StartAgentAsync();
        await Eventually.SeeAsync("both nodes present", () => other.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Split("\"present\"").Length == 3);
        Assert.Equal((next.Epoch, next.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        await Eventually.SeeAsync("it can lead again", () => other.HoldfastAsync("switchover", "worker", "--to", name), moved => moved.ExitCode == 0);
        Assert.Empty(cluster.Sink.Late);
    }

    [ClusterFact]
    public async Task Where_nobody_else_can_lead_it_runs_on_and_the_lease_is_kept()
    {
        await using var cluster = await TestCluster.StartAsync(2, leaseSeconds: 60);
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var name = (await cluster.LeaderNameAsync())!;
        var leader = cluster[name];
        (await leader.HoldfastAsync("node", "drain", name == "node-1" ? "node-2" : "node-1")).Ok();
        var refused = (await leader.HoldfastAsync("node", "handover")).Expect(7);
        Assert.Contains($"{name} still leads worker", refused.Error, StringComparison.Ordinal);
        await Eventually.SeeAsync("it stays", () => leader.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Contains("\"present\"", StringComparison.Ordinal));
        Assert.Equal((first.Epoch, first.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        Assert.True(TestNode.Lives(first.Pid));
    }

    [ClusterMachineFact]
    [Trait("Category", "Slow")]
    public async Task Law03_a_machine_that_powers_off_hands_over_and_an_agent_or_unit_that_stops_does_not()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        using var sink = new EffectSink(System.Net.IPAddress.Loopback);
        await using var first = SystemdMachine.CreateNode();
        await using var second = TestNode.Create();
        await BeginAsync(etcd, first, second);
        await using var machine = await SystemdMachine.BootAsync(first);
        (await machine.HoldfastAsync("agent", "install", "--now", "--listen", "127.0.0.1:0")).Ok();
        await second.StartAgentAsync();
        await ClusterWorker.DeployAsync(first, sink, "worker", "preferred: [node-1]", "", "active-standby");
        await Eventually.SeeAsync("node-1 leads, and node-2 can", () => second.LookWhoLeadsAsync("worker"), led => led is { Leader: "node-1" } && led.Candidates.Any(c => c is { Node: "node-2", Excluded: "", Standby: "warm" }));
        var before = await Eventually.SeeAsync("effects", () => Task.FromResult(sink.Last!), last => last is not null);

        // The agent is restarted, and somebody stops the unit: the machine does not go down.
        (await machine.RunAsync("systemctl", "restart", "holdfast-agent")).Ok();
        (await machine.RunAsync("systemctl", "stop", "holdfast-handover")).Ok();
        (await machine.RunAsync("systemctl", "start", "holdfast-handover")).Ok();
        await Eventually.SeeAsync("an agent that answers", () => machine.HoldfastAsync("leader", "worker"), said => said.ExitCode == 0);
        Assert.Equal((before.Epoch, before.Pid), (sink.Last!.Epoch, sink.Last.Pid));

        await machine.RunAsync("systemctl", "poweroff");
        await Eventually.SeeAsync("effects of another epoch", () => Task.FromResult(sink.Last!), last => last.Epoch > before.Epoch);
        Assert.Equal("handed-over", await EndAsync(second, before.Epoch));
        await Eventually.SeeAsync("its lease is no more", () => second.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Contains("\"away\"", StringComparison.Ordinal));
        Assert.Empty(sink.Late);

        // It boots: nothing of the handover is left.
        await machine.CutPowerAsync();
        await Eventually.SeeAsync("both nodes present", () => second.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Split("\"present\"").Length == 3);
        await Eventually.SeeAsync("it can lead again", () => second.LookWhoLeadsAsync("worker"), led => led is not null && led.Candidates.Any(c => c is { Node: "node-1", Excluded: "" }));
    }

    private static async Task BeginAsync(EtcdCluster etcd, TestNode first, TestNode second)
    {
        var options = etcd.NewOptions();
        var made = await EtcdStore.CreateAsync(options, TimeProvider.System, default);
        Assert.True(made.IsOk, string.Join("; ", made.Problems));
        await made.Value.DisposeAsync();
        (await first.HoldfastAsync("keys", "init")).Ok();
        (await first.HoldfastAsync("certs", "init", "--node", "node-1", "--address", "127.0.0.1")).Ok();
        await ClusterTrust.CopyAsync(first, second, "node-2", "127.0.0.1");
        foreach (var (node, name) in new[] { (first, "node-1"), (second, "node-2") })
            Assert.True(new ClusterFile { Name = options.Cluster, Node = name, Etcd = [.. options.Endpoints.Select(e => e.ToString())], LeaseSeconds = 60 }.Write(new Home(node.Home)).IsOk);
        second.AgentArguments.AddRange(["--listen", "127.0.0.1:0"]);
    }

    /// <summary>How the epoch ended, as its documents prove.</summary>
    private static async Task<string?> EndAsync(TestNode node, long epoch)
    {
        using var proven = JsonDocument.Parse((await node.HoldfastAsync("proof", "worker", "-o", "json")).Ok().Output);
        return proven.RootElement.GetProperty("epochs").EnumerateArray().Single(e => e.GetProperty("epoch").GetInt64() == epoch).GetProperty("end").GetString();
    }
}
