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

        await ClusterWorker.DeployAsync(first, sink, "worker", "preferred: [node-1]", "", "active-standby");
        Assert.Equal("node-1", Leader(await second.HoldfastAsync("leader", "worker", "-o", "json")));
        // The package has come to it, judged by its own policy.
        await Eventually.SeeAsync("a warm standby", () => second.HoldfastAsync("leader", "worker"), said => said.Ok().Output.Contains("node-2: warm", StringComparison.Ordinal));
        (await second.HoldfastAsync("switchover", "worker")).Ok();
        Assert.Equal("node-2", Leader(await first.HoldfastAsync("leader", "worker", "-o", "json")));
        Assert.Contains("node-2", (await first.HoldfastAsync("ps", "-A")).Ok().Output, StringComparison.Ordinal);
        Assert.Empty(sink.Late);
    }

    private static string? Leader(CommandResult said)
    {
        using var led = JsonDocument.Parse(said.Ok().Output);
        return led.RootElement[0].GetProperty("leader").GetString();
    }
}
