using System.Net;
using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Testing.Storage;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>From two machines to a service that fails over, by the commands of the manual alone.</summary>
public sealed class BeginningTests
{
    [ClusterFact]
    public async Task A_cluster_is_begun_joined_and_used_as_the_manual_says()
    {
        using var etcd = await EtcdCluster.StartAsync(1);
        using var sink = new EffectSink(IPAddress.Loopback);
        await using var first = TestNode.Create();
        await using var second = TestNode.Create();
        var address = $"127.0.0.1:{EtcdCluster.FreePorts(1)[0]}";

        Assert.Equal(2, (await first.HoldfastAsync("cluster", "init", "--name", "Prod!", "--etcd", etcd.Members[0].Endpoint.ToString())).ExitCode);
        (await first.HoldfastAsync("cluster", "init", "--name", "prod", "--node", "node-1", "--address", address, "--lease", "3s", "--etcd", etcd.Members[0].Endpoint.ToString())).Ok();
        (await first.HoldfastAsync("keys", "init")).Ok();
        first.AgentArguments.AddRange(["--listen", address]);
        await first.StartAgentAsync();

        var token = (await first.HoldfastAsync("cluster", "token", "--for", "node-2")).Ok().Output.Trim();
        (await second.HoldfastAsync("cluster", "join", address, "--token", token, "--address", "127.0.0.1")).Ok();
        Assert.Equal(5, (await second.HoldfastAsync("cluster", "join", address, "--token", token)).ExitCode);
        Directory.CreateDirectory(Path.Combine(second.Home, "policy"));
        foreach (var file in (string[])["keys/dev-ca.pem", "policy/trust.yaml"]) File.Copy(Path.Combine(first.Home, file), Path.Combine(second.Home, file));
        second.AgentArguments.AddRange(["--listen", "127.0.0.1:0"]);
        await second.StartAgentAsync();
        await Eventually.SeeAsync("two nodes", () => second.HoldfastAsync("nodes", "-o", "json"), said => said.Output.Split("\"present\"").Length == 3);

        var report = (await first.HoldfastAsync("cluster", "check")).Output;
        Assert.Matches(@"network\s+ok\s+node-2 \(127\.0\.0\.1:\d+\) answers in ", report);
        Assert.Matches(@"clocks\s+ok\s+node-2's clock is [\d.]+ s (ahead of|behind) this node's", report);
        Assert.Matches(@"disks\s+\w+\s+node-2 has [\d.]+ of [\d.]+ GB free", report);

        await ClusterWorker.DeployAsync(first, sink, "worker", "preferred: [node-1]", "", "active-standby");
        Assert.Equal("node-1", Leader(await second.HoldfastAsync("leader", "worker", "-o", "json")));
        // The package has come to it, judged by its own policy.
        await Eventually.SeeAsync("a warm standby", () => second.HoldfastAsync("leader", "worker"), said => said.Ok().Output.Contains("node-2: warm", StringComparison.Ordinal));
        (await second.HoldfastAsync("switchover", "worker")).Ok();
        Assert.Equal("node-2", Leader(await first.HoldfastAsync("leader", "worker", "-o", "json")));

        // The way back is planned: first for the night, which is cancelled, and then for at once.
        (await first.HoldfastAsync("switchover", "worker", "--to", "node-1", "--at", "02:00")).Ok();
        Assert.Matches(@"planned\s+to node-1 at .*, by ", (await second.HoldfastAsync("leader", "worker")).Ok().Output);
        (await second.HoldfastAsync("switchover", "worker", "--cancel")).Ok();
        Assert.DoesNotContain("planned", (await second.HoldfastAsync("leader", "worker")).Ok().Output, StringComparison.Ordinal);
        Assert.Contains("switchover.none-planned", (await second.HoldfastAsync("switchover", "worker", "--cancel")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("switchover.time", (await second.HoldfastAsync("switchover", "worker", "--at", "2020-01-01T02:00Z")).Expect(2).Error, StringComparison.Ordinal);
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        (await second.HoldfastAsync("switchover", "worker", "--to", "node-1", "--at", soon)).Ok();
        await Eventually.SeeAsync("node-1 leads again", () => first.HoldfastAsync("leader", "worker", "-o", "json"), said => Leader(said) == "node-1");
        Assert.DoesNotContain("planned", (await first.HoldfastAsync("leader", "worker")).Ok().Output, StringComparison.Ordinal);
        Assert.Contains("node-1", (await second.HoldfastAsync("ps", "-A")).Ok().Output, StringComparison.Ordinal);
        Assert.Empty(sink.Late);

        // What there is is in the cluster's store: a node has no state of its own to back up, with its agent or without.
        var backup = Path.Combine(second.Root, "node-2.hfbackup");
        Assert.Contains("backup.cluster", (await second.HoldfastAsync("backup", backup)).Expect(3).Error, StringComparison.Ordinal);
        await second.StopAgentAsync();
        Assert.Contains("backup.cluster", (await second.HoldfastAsync("backup", backup)).Expect(3).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(backup));
    }

    private static string? Leader(CommandResult said)
    {
        using var led = JsonDocument.Parse(said.Ok().Output);
        return led.RootElement[0].GetProperty("leader").GetString();
    }
}
