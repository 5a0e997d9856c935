using System.Net;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Node.Clusters;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;
using Holdfast.Testing.Network;
using Holdfast.Testing.Storage;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Real nodes with a real etcd, on loopback: their agents, supervisors and services are processes that a test may kill, freeze and cut off.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestNode> nodes = [];
    private readonly List<Relay> wires = [];

    private TestCluster(EtcdCluster etcd) => Etcd = etcd;

    public EtcdCluster Etcd { get; }

    public IReadOnlyList<TestNode> Nodes => nodes;

    public EffectSink Sink { get; } = new(IPAddress.Loopback);

    /// <param name="size">So many nodes, node-1 and on.</param>
    /// <param name="leaseSeconds">Of each node's lease.</param>
    /// <param name="members">Of etcd.</param>
    public static async Task<TestCluster> StartAsync(int size, int leaseSeconds = 3, int members = 1)
    {
        var cluster = new TestCluster(await EtcdCluster.StartAsync(members));
        try
        {
            await cluster.BeginAsync(size, leaseSeconds, (_, member) => member);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, with a wire from each node to etcd that can be cut.</summary>
    public static async Task<TestCluster> StartCuttableAsync(int size, int leaseSeconds = 3)
    {
        var cluster = new TestCluster(await EtcdCluster.StartAsync(1));
        try
        {
            for (var i = 0; i < size; i++) cluster.wires.Add(new Relay(cluster.Etcd.Members[0].Endpoint));
            await cluster.BeginAsync(size, leaseSeconds, (node, _) => cluster.wires[node - 1].Address);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on nothing passes between the node and etcd, and nobody is told anything.</summary>
    public void Cut(string node) => wires[Index(node)].Hold();

    /// <summary>Old connections stay dead; new ones pass.</summary>
    public void Heal(string node) => wires[Index(node)].PassNew();

    /// <summary>Deploys a worker that one of the nodes leads.</summary>
    /// <param name="name">The service's.</param>
    /// <param name="placement">Lines of YAML below <c>placement:</c> beside its mode.</param>
    /// <param name="more">Lines of YAML of the spec.</param>
    /// <param name="mode">Of its placement.</param>
    /// <param name="hot">It waits to be promoted by a signal.</param>
    public async Task DeployWorkerAsync(string name = "worker", string placement = "", string more = "", string mode = "active-standby", bool hot = false)
    {
        await ClusterWorker.DeployAsync(nodes[0], Sink, name, placement, more, mode, hot);
        if (mode != "active-standby") return;
        // Who has nothing of the service yet cannot go on with it when those are lost that have it.
        await Eventually.SeeAsync(
            $"{nodes.Count} nodes that can lead {name}", () => nodes[0].LookWhoLeadsAsync(name),
            led => led?.Candidates.Count(candidate => candidate is { Excluded: "", Standby: "warm" or "hot" }) == nodes.Count && led.Leader.Length > 0);
    }

    /// <summary>The node that leads; null: nobody does.</summary>
    public async Task<TestNode?> LeaderAsync(string service = "worker") => await LeaderNameAsync(service) is { } name ? this[name] : null;

    public TestNode this[string name] => nodes[Index(name)];

    private static int Index(string name) => int.Parse(name.AsSpan("node-".Length), System.Globalization.CultureInfo.InvariantCulture) - 1;

    /// <summary>Asked of a node whose agent answers.</summary>
    public async Task<string?> LeaderNameAsync(string service = "worker") =>
        await nodes.First(node => !node.AgentHasEnded).LookWhoLeadsAsync(service) is { Leader.Length: > 0 } led ? led.Leader : null;

    /// <summary>Waits for effects of an epoch above this one.</summary>
    public Task<Effect> SeeEpochAsync(long above) => Eventually.SeeAsync($"effects of an epoch above {above}", () => Task.FromResult(Sink.Last!), last => last is not null && last.Epoch > above);

    /// <summary>What each node's agents said: where a test fails, it is at hand.</summary>
    public string Logs => string.Join("\n\n", nodes.Select((node, i) => $"== node-{i + 1}\n{node.AgentLog}"));

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_CLUSTER_LOGS") is { Length: > 0 } file) await File.WriteAllTextAsync(file, Logs);
        foreach (var node in nodes) await node.DisposeAsync();
        foreach (var wire in wires) await wire.DisposeAsync();
        Etcd.Dispose();
        Sink.Dispose();
    }

    private async Task BeginAsync(int size, int leaseSeconds, Func<int, Uri, Uri> through)
    {
        var options = Etcd.NewOptions();
        var made = await EtcdStore.CreateAsync(options, TimeProvider.System, default);
        Assert.True(made.IsOk, string.Join("; ", made.Problems));
        await made.Value.DisposeAsync();
        for (var i = 1; i <= size; i++)
        {
            var node = TestNode.Create();
            nodes.Add(node);
            if (i == 1)
            {
                (await node.HoldfastAsync("keys", "init")).Ok();
                (await node.HoldfastAsync("certs", "init", "--node", "node-1", "--address", "127.0.0.1")).Ok();
            }
            else
            {
                await ClusterTrust.CopyAsync(nodes[0], node, $"node-{i}", "127.0.0.1");
            }

            var file = new ClusterFile { Name = options.Cluster, Node = $"node-{i}", Etcd = [.. options.Endpoints.Select(e => through(i, e).ToString())], LeaseSeconds = leaseSeconds };
            Assert.True(file.Write(new Home(node.Home)).IsOk);
            node.AgentArguments.AddRange(["--listen", "127.0.0.1:0"]);
        }

        await Task.WhenAll(nodes.Select(node => node.StartAgentAsync()));
    }
}
