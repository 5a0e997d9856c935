using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Node.Api;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tls;
using static Holdfast.Rpc.V1.Packages;

namespace Holdfast.Integration.Tests;

/// <summary>Real agents that become nodes of one cluster.</summary>
public sealed class ClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_machine_joins_by_a_token_once_and_both_agents_call_each_other_in_mutual_TLS()
    {
        await using var first = TestNode.Create();
        (await first.HoldfastAsync("keys", "init")).Ok();
        (await first.HoldfastAsync("certs", "init", "--node", "node-1")).Ok();
        await ListenAsync(first);
        await using var second = TestNode.Create();
        var token = (await first.HoldfastAsync("cluster", "token", "--for", "node-2")).Ok().Output.Trim();

        Assert.StartsWith("node/node-2", (await second.HoldfastAsync("cluster", "join", "--token", token)).Ok().Output, StringComparison.Ordinal);

        Assert.Contains("[cluster.member]", (await second.HoldfastAsync("cluster", "join", "--token", token)).Expect(5).Error, StringComparison.Ordinal);
        await using (var third = TestNode.Create())
        {
            Assert.Contains("[cluster.token-used]", (await third.HoldfastAsync("cluster", "join", "--token", token)).Expect(3).Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(third.Home, "keys", "pki")), "A refused joining left something.");
        }

        Assert.Contains("cluster.join", (await first.HoldfastAsync("audit", "list")).Ok().Output, StringComparison.Ordinal);
        await ListenAsync(second);
        Assert.Contains("cluster.join", (await second.HoldfastAsync("audit", "list")).Ok().Output, StringComparison.Ordinal);
        Assert.Equal("package.not-here", await FetchAsync(second, first));
        Assert.Equal("package.not-here", await FetchAsync(first, second));
    }

    [Fact]
    public async Task A_node_joins_while_no_agent_runs_in_its_home()
    {
        await using var first = TestNode.Create();
        (await first.HoldfastAsync("keys", "init")).Ok();
        (await first.HoldfastAsync("certs", "init")).Ok();
        await ListenAsync(first);
        var token = (await first.HoldfastAsync("cluster", "token", "--for", "node-2")).Ok().Output.Trim();
        await using var second = await TestNode.StartAsync();

        Assert.Contains("[cluster.agent-runs]", (await second.HoldfastAsync("cluster", "join", "--token", token)).Expect(5).Error, StringComparison.Ordinal);
        await second.StopAgentAsync();
        (await second.HoldfastAsync("cluster", "join", "--token", token)).Ok();
    }

    private static async Task ListenAsync(TestNode node)
    {
        node.AgentArguments.AddRange(["--listen", "127.0.0.1:0"]);
        await node.StartAgentAsync();
    }

    /// <summary>The rule by which a package that is nowhere is not given: the call got as far as that.</summary>
    private static async Task<string> FetchAsync(TestNode called, TestNode caller)
    {
        var listens = JsonDocument.Parse((await called.HoldfastAsync("node", "-o", "json")).Ok().Output).RootElement.GetProperty("listens").GetString();
        var pki = Path.Combine(caller.Home, "keys", "pki");
        var own = await File.ReadAllTextAsync(Path.Combine(pki, "node.pem"));
        var identity = TlsIdentity.FromPem(own, own, await File.ReadAllTextAsync(Path.Combine(pki, "roots.pem")));
        using var channel = new RpcChannel(RpcTransport.Tls(new Uri($"https://{listens}"), () => identity), TimeProvider.System);
        using var call = new PackagesClient(channel).Fetch(new() { PackageDigest = "sha256:" + new string('0', 64) }, new(Patience, default));
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.MoveNext(default));
        return ProblemTranslation.ToProblems(refused)[0].Rule;
    }
}
