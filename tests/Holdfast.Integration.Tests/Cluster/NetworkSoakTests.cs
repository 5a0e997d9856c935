using System.Globalization;
using System.Text;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Xunit.Abstractions;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Many moves and losses, and whatever else, on machines of their own: never two at once, and in the end one leads.</summary>
[Trait("Category", "Soak")]
public sealed class NetworkSoakTests(ITestOutputHelper output)
{
    private const int Switchovers = 100, Losses = 30;
    private static readonly TimeSpan Faulty = TimeSpan.FromMinutes(5);

    [NetworkFact]
    public async Task Law04_a_hundred_switchovers_and_thirty_lost_nodes_and_nobody_acts_beside_another()
    {
        await using var cluster = await NetworkCluster.StartAsync(leaseSeconds: 3);
        await cluster.DeployWorkerAsync();
        List<TimeSpan> moved = [], lost = [];
        for (var i = 0; i < Switchovers; i++)
        {
            var (before, to) = await NextAsync(cluster);
            (await cluster.Node(to).HoldfastAsync("switchover", "worker", "--to", $"node-{to}")).Ok();
            await cluster.SeeEpochAsync(before.Epoch);
            moved.Add(cluster.Sink.Gaps().Last(gap => gap.From == before.Epoch).Gap);
        }

        for (var i = 0; i < Losses; i++)
        {
            var (before, _) = await NextAsync(cluster);
            var machine = cluster.MachineOf(before);
            await cluster.Network.PowerOffAsync(machine);
            await cluster.SeeEpochAsync(before.Epoch);
            lost.Add(cluster.Sink.Gaps().Last(gap => gap.From == before.Epoch).Gap);
            await cluster.PowerOnAsync(machine);
        }

        Report(Histogram("Switchovers", moved) + Histogram("Lost nodes", lost));
        cluster.NobodyActedBesideAnother();
    }

    [NetworkFact]
    public async Task Law04_whatever_fails_for_five_minutes_nobody_acts_beside_another_and_one_leads_afterwards()
    {
        var seed = Environment.GetEnvironmentVariable("HOLDFAST_SOAK_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"HOLDFAST_SOAK_SEED={seed}");
        var random = new Random(seed);
        await using var cluster = await NetworkCluster.StartAsync(leaseSeconds: 3);
        await cluster.DeployWorkerAsync();
        var (over, frozen) = (BootClock.SinceBoot + Faulty, new HashSet<int>());
        while (BootClock.SinceBoot < over)
        {
            var machine = 1 + random.Next(3);
            var fault = random.Next(8);
            output.WriteLine($"{BootClock.SinceBoot}: machine {machine}: {fault} {(Fault)fault}");
            await DoAsync(cluster, (Fault)fault, machine, frozen, TimeSpan.FromMilliseconds(500 + random.Next(6000)));
        }

        await cluster.EndQuarantinesAsync();
        await cluster.AllCanLeadAsync();
        await cluster.SeeActingAsync();
        // Only what stood still as a whole may have done something before it could be ended, and who received it knew it by its epoch.
        Assert.All(cluster.Sink.Late, late => Assert.Contains(late.Pid, frozen));
        if (frozen.Count == 0) Assert.Empty(cluster.Sink.Overlaps());
    }

    private enum Fault { Cut, Mute, Deafen, LosePower, Pause, KillAgent, KillSupervisor, FreezeAgent }

    private async Task DoAsync(NetworkCluster cluster, Fault fault, int machine, HashSet<int> frozen, TimeSpan length)
    {
        var (network, node) = (cluster.Network, cluster.Node(machine));
        switch (fault)
        {
            case Fault.Cut or Fault.Mute or Fault.Deafen:
                await (fault == Fault.Cut ? network.CutAsync(machine) : fault == Fault.Mute ? network.MuteAsync(machine) : network.DeafenAsync(machine));
                await Task.Delay(length, TimeProvider.System);
                await network.HealAsync(machine);
                break;
            case Fault.LosePower:
                await network.PowerOffAsync(machine);
                await Task.Delay(length, TimeProvider.System);
                await cluster.PowerOnAsync(machine);
                break;
            case Fault.Pause:
                network.Freeze(machine);
                frozen.UnionWith(network.PidsOn(machine));
                await Task.Delay(length, TimeProvider.System);
                network.Thaw(machine);
                break;
            case Fault.KillAgent:
                await node.KillAgentAsync();
                await node.StartAgentAsync();
                break;
            case Fault.KillSupervisor:
                TestNode.Try(node.SupervisorPid, 9);
                break;
            default:
                var agent = node.AgentPid;
                TestNode.Signal(agent, 19);
                await Task.Delay(length, TimeProvider.System);
                TestNode.Signal(agent, 18);
                break;
        }
    }

    /// <summary>Who acts when all could, and another machine.</summary>
    private static async Task<(Effect Acting, int Other)> NextAsync(NetworkCluster cluster)
    {
        await cluster.EndQuarantinesAsync();
        await cluster.AllCanLeadAsync();
        var acting = await cluster.SeeActingAsync();
        return (acting, (cluster.MachineOf(acting) % 3) + 1);
    }

    private void Report(string text)
    {
        output.WriteLine(text);
        SoakReport.Keep(text);
    }

    private static string Histogram(string title, List<TimeSpan> gaps)
    {
        var sorted = gaps.Order().ToList();
        var step = sorted[^1] > TimeSpan.FromSeconds(2) ? 500 : 100;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{title}: {sorted.Count}, median {sorted[sorted.Count / 2].TotalMilliseconds:0} ms, most {sorted[^1].TotalMilliseconds:0} ms\n");
        foreach (var bin in sorted.GroupBy(gap => (int)(gap.TotalMilliseconds / step)))
            text.Append(CultureInfo.InvariantCulture, $"{bin.Key * step,6} ms … {bin.Count(),4} {new string('#', bin.Count())}\n");
        return text.Append('\n').ToString();
    }
}
