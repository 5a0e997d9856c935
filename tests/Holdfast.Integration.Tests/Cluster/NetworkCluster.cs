using Holdfast.Integration.Tests.Nodes;
using Holdfast.Node.Clusters;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Machines of their own, as far as the network is concerned: on each a member of etcd and a node. A machine can be cut off, lose its power, and come back.</summary>
public sealed class NetworkCluster : IAsyncDisposable
{
    private readonly List<TestNode> nodes = [];
    private readonly List<MachineEtcd> etcds = [];
    // In memory, where that is possible: how long a busy machine's disk takes to sync is not what is tested, and a short lease is soon over.
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "hf-etcd-" + Path.GetRandomFileName())).FullName;
    private readonly int size;

    private NetworkCluster(ClusterNetwork network, int size) => (Network, this.size, Sink) = (network, size, new(network.ReceiverInHub()));

    public ClusterNetwork Network { get; }

    public EffectSink Sink { get; }

    public IEnumerable<int> Machines => Enumerable.Range(1, size);

    public TestNode Node(int machine) => nodes[machine - 1];

    public MachineEtcd Etcd(int machine) => etcds[machine - 1];

    /// <summary>That etcd's leader is on.</summary>
    public int EtcdLeader => Machines.Where(machine => Etcd(machine).Runs).MaxBy(machine => Etcd(machine).LedInTerm);

    /// <param name="leaseSeconds">Of each node's lease. So long that a busy machine's pauses do not end it: what is lost is what a test takes away.</param>
    /// <param name="firstRoot">Where node-1 is; null: where the others are.</param>
    public static async Task<NetworkCluster> StartAsync(int leaseSeconds = 6, string? firstRoot = null, int size = 3)
    {
        var cluster = new NetworkCluster(await ClusterNetwork.MakeAsync(size), size);
        try
        {
            await cluster.BeginAsync(leaseSeconds, firstRoot);
            return cluster;
        }
        catch (Exception e)
        {
            var said = string.Join('\n', cluster.etcds.Select(etcd => etcd.Log()));
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"The cluster did not begin: {e.Message}\n{said}", e);
        }
    }

    /// <summary>Deploys the worker and waits until it acts and all the others could lead.</summary>
    public async Task<Effect> DeployWorkerAsync(string placement = "", string more = "")
    {
        await ClusterWorker.DeployAsync(Node(1), Sink, "worker", $"failover: {{most: 100, within: 1h}}\n{placement}", more, "active-standby");
        await AllCanLeadAsync();
        return await SeeActingAsync();
    }

    /// <summary>Waits for effects of an epoch above this one.</summary>
    public Task<Effect> SeeEpochAsync(long above) => Eventually.SeeAsync($"effects of an epoch above {above}", () => Task.FromResult(Sink.Last!), last => last is not null && last.Epoch > above);

    /// <summary>Waits until something is done that was not before, in whichever epoch, by a process that lives.</summary>
    public Task<Effect> SeeActingAsync()
    {
        var since = BootClock.SinceBoot;
        return Eventually.SeeAsync("effects", () => Task.FromResult(Sink.Last!), last => last is not null && last.At > since && Network.MachineOf(last.Pid) > 0);
    }

    /// <summary>The machine that acted last.</summary>
    public int MachineOf(Effect effect) => Network.MachineOf(effect.Pid) is > 0 and var machine ? machine : throw new InvalidOperationException($"{effect} is of a process that has ended.");

    /// <summary>Waits until each node whose agent runs stands by or leads.</summary>
    public Task AllCanLeadAsync()
    {
        var asked = Machines.First(machine => !Node(machine).AgentHasEnded);
        var there = Machines.Count(machine => !Node(machine).AgentHasEnded);
        return Eventually.SeeAsync($"{there} nodes that can lead", () => LeadershipAsync(asked), led => led.Able == there && led.Leader is not null);
    }

    /// <summary>What a node knows of who leads, and how many could.</summary>
    public async Task<(string? Leader, int Able)> LeadershipAsync(int machine, string service = "worker")
    {
        if (await Node(machine).LookWhoLeadsAsync(service) is not { } led) return (null, 0);
        return (led.Leader.Length > 0 ? led.Leader : null, led.Candidates.Count(candidate => candidate is { Excluded: "", Standby: "warm" }));
    }

    /// <summary>A machine comes back after it has lost its power.</summary>
    public async Task PowerOnAsync(int machine)
    {
        await Network.HealAsync(machine);
        Etcd(machine).Start();
        await Node(machine).StartAgentAsync();
    }

    /// <summary>A node that is lost three times in an hour is put in quarantine, as it should: somebody ends that.</summary>
    public async Task EndQuarantinesAsync()
    {
        foreach (var machine in Machines) await Node(1).HoldfastAsync("node", "resume", $"node-{machine}");
    }

    /// <summary>Law 4, as who receives the effects sees it.</summary>
    public void NobodyActedBesideAnother()
    {
        Assert.Empty(Sink.Late);
        Assert.Empty(Sink.Overlaps());
    }

    /// <summary>What each node's agents said: where a test fails, it is at hand.</summary>
    public string Logs => string.Join("\n\n", nodes.Select((node, i) => $"== node-{i + 1}\n{node.AgentLog}"));

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_CLUSTER_LOGS") is { Length: > 0 } file) await File.WriteAllTextAsync(file, Logs);
        // What is frozen would not hear that it is to end, and what is down has nothing left to lose.
        foreach (var machine in Machines) await Network.PowerOffAsync(machine);
        foreach (var node in nodes) await node.DisposeAsync();
        foreach (var etcd in etcds) etcd.Dispose();
        Sink.Dispose();
        await Network.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task BeginAsync(int leaseSeconds, string? firstRoot)
    {
        foreach (var machine in Machines)
        {
            etcds.Add(new(Network, machine, size, folder));
            Etcd(machine).Start();
            nodes.Add(TestNode.Create(machine == 1 ? firstRoot : null));
            Node(machine).RunBy(Network.Enter(machine));
            Node(machine).AgentArguments.AddRange(["--listen", $"{ClusterNetwork.AddressOf(machine)}:7443"]);
        }

        var first = Node(1);
        (await first.HoldfastAsync("keys", "init")).Ok();
        (await first.HoldfastAsync("certs", "init", "--node", "node-1", "--address", $"{ClusterNetwork.AddressOf(1)}")).Ok();
        string[] etcd = [.. Machines.Select(machine => MachineEtcd.EndpointOf(machine).OriginalString)];
        await Eventually.SeeAsync("the store", async () => await first.HoldfastAsync("cluster", "init", "--name", "net", "--node", "node-1", "--etcd", string.Join(',', etcd), "--lease", $"{leaseSeconds}s"), made => made.ExitCode == 0);
        foreach (var machine in Machines.Skip(1))
        {
            await ClusterTrust.CopyAsync(first, Node(machine), $"node-{machine}", $"{ClusterNetwork.AddressOf(machine)}");
            var file = new ClusterFile { Name = "net", Node = $"node-{machine}", Etcd = etcd, LeaseSeconds = leaseSeconds };
            Assert.True(file.Write(new Home(Node(machine).Home)).IsOk);
        }

        await Task.WhenAll(nodes.Select(node => node.StartAgentAsync()));
    }
}
