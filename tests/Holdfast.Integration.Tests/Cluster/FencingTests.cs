using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>A machine that hangs is powered off from outside: its processes are stopped where they are, and the command kills them as a missing power would.</summary>
public sealed class FencingTests
{
    [ClusterFact]
    public async Task Law04_who_is_confirmed_to_be_off_is_followed_without_waiting_for_its_lease()
    {
        await using var cluster = await TestCluster.StartAsync(2, leaseSeconds: 60);
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var name = (await cluster.LeaderNameAsync())!;
        var (leader, other, otherName) = (cluster[name], cluster[Other(name)], Other(name));
        Assert.Contains("fencing.yaml", (await other.HoldfastAsync("node", "fence", name)).Expect(4).Error, StringComparison.Ordinal);

        CanPowerOff(other, leader);
        (await other.HoldfastAsync("node", "fence", otherName)).Expect(3);
        (await other.HoldfastAsync("node", "fence", "node-9")).Expect(4);
        Assert.Contains("others lead worker", (await other.HoldfastAsync("node", "fence", name, "--dry-run")).Ok().Output, StringComparison.Ordinal);
        Assert.Contains($"a command that powers {name} off", (await other.HoldfastAsync("cluster", "check")).Output, StringComparison.Ordinal);

        // What is not confirmed takes nothing.
        var broken = Path.Combine(other.Work, "broken");
        await File.WriteAllTextAsync(broken, "");
        var failed = (await other.HoldfastAsync("node", "fence", name)).Expect(7);
        Assert.Contains("does not answer", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failed.Error, StringComparison.Ordinal);
        File.Delete(broken);
        Assert.Equal((name, first.Epoch, first.Pid), (await cluster.LeaderNameAsync(), cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));

        foreach (var pid in leader.ProcessesOfThisHome()) TestNode.Signal(pid, 19);
        var began = BootClock.SinceBoot;
        (await other.HoldfastAsync("node", "fence", name, "--why", "it hangs")).Ok();
        var next = await cluster.SeeEpochAsync(first.Epoch);
        Assert.InRange(BootClock.SinceBoot - began, TimeSpan.Zero, TimeSpan.FromSeconds(40));
        Assert.Equal("fenced", await EndAsync(other, first.Epoch));
        Assert.Contains("node-fence", (await other.HoldfastAsync("audit", "list", "-o", "json")).Ok().Output, StringComparison.Ordinal);
        Assert.Equal(5, (await other.HoldfastAsync("node", "fence", name)).ExitCode);

        // It boots: it is a node as any other, and what leads elsewhere is not disturbed.
        await leader.DieAsync();
        await leader.StartAgentAsync();
        await Eventually.SeeAsync("both nodes present", () => other.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Split("\"present\"").Length == 3);
        Assert.Equal((next.Epoch, next.Pid), (cluster.Sink.Last!.Epoch, cluster.Sink.Last.Pid));
        Assert.Empty(cluster.Sink.Late);
    }

    [ClusterFact]
    public async Task Law04_where_it_is_allowed_a_leader_that_is_silent_is_powered_off_without_being_asked_for()
    {
        await using var cluster = await TestCluster.StartAsync(2, leaseSeconds: 60);
        await cluster.DeployWorkerAsync();
        var first = await cluster.SeeEpochAsync(0);
        var name = (await cluster.LeaderNameAsync())!;
        var (leader, other) = (cluster[name], cluster[Other(name)]);
        // A renewal is due every 12 s.
        CanPowerOff(other, leader, "automaticAfter: 20s");
        foreach (var pid in leader.ProcessesOfThisHome()) TestNode.Signal(pid, 19);
        await cluster.SeeEpochAsync(first.Epoch);
        Assert.Equal("fenced", await EndAsync(other, first.Epoch));
        Assert.All(leader.ProcessesOfThisHome(), pid => Assert.False(TestNode.Lives(pid)));
        Assert.Empty(cluster.Sink.Late);
    }

    private static string Other(string name) => name == "node-1" ? "node-2" : "node-1";

    /// <summary>How the epoch ended, as its documents prove.</summary>
    private static async Task<string?> EndAsync(TestNode node, long epoch)
    {
        using var proven = JsonDocument.Parse((await node.HoldfastAsync("proof", "worker", "-o", "json")).Ok().Output);
        return proven.RootElement.GetProperty("epochs").EnumerateArray().Single(e => e.GetProperty("epoch").GetInt64() == epoch).GetProperty("end").GetString();
    }

    private static void CanPowerOff(TestNode node, TestNode victim, string more = "")
    {
        var pids = string.Join(' ', victim.ProcessesOfThisHome());
        var off = Script(node, "power-off", $"test -e {node.Work}/broken && {{ echo \"the BMC of $1 does not answer, password=hunter2\"; exit 3; }}\nkill -9 {pids} 2>/dev/null\nexit 0");
        var isOff = Script(node, "is-off", $"for p in {pids}; do\n  case \"$(sed 's/.*) //;s/ .*//' /proc/$p/stat 2>/dev/null)\" in ''|Z|X) ;; *) exit 1 ;; esac\ndone");
        var home = new Home(node.Home);
        var pins = string.Join('\n', new[] { off, isOff }.Select(path => $"  - {{path: {path}, sha256: {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}}}"));
        var policy = File.ReadAllText(home.TrustPolicy);
        Assert.Contains("hostExecutables: []", policy, StringComparison.Ordinal);
        File.WriteAllText(home.TrustPolicy, policy.Replace("hostExecutables: []", "hostExecutables:\n" + pins, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(home.Policy, "fencing.yaml"), $"apiVersion: holdfast/v1\nkind: Fencing\nnodes:\n  - {{node: \"*\", command: [{off}, \"{{node}}\"], confirm: [{isOff}, \"{{node}}\"], within: 30s}}\n{more}\n");
    }

    private static string Script(TestNode node, string name, string text)
    {
        var path = Path.Combine(node.Work, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, FolderRights.Public);
        return path;
    }
}
