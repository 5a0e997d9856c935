using System.Collections.Concurrent;
using Holdfast.Platform;
using Holdfast.Rpc.Server;

namespace Holdfast.Cli.Tests.Fakes;

/// <summary>The agent's API on a real socket, with answers that a test gives it.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly RpcServer server;
    private readonly RpcHost host;

    private FakeAgent(Home home, RpcServer server, RpcHost host, FakeServices services, FakeOutput output, FakePackages packages, FakeNode node, FakeCluster cluster, FakeNodes nodes, FakeRecords records, ConcurrentQueue<Exception> bugs)
    {
        Home = home;
        this.server = server;
        this.host = host;
        Services = services;
        Output = output;
        Packages = packages;
        Node = node;
        Cluster = cluster;
        Nodes = nodes;
        Records = records;
        Bugs = bugs;
    }

    public Home Home { get; }

    public FakeServices Services { get; }

    public FakeOutput Output { get; }

    public FakePackages Packages { get; }

    public FakeNode Node { get; }

    public FakeCluster Cluster { get; }

    public FakeNodes Nodes { get; }

    public FakeRecords Records { get; }

    public ConcurrentQueue<Exception> Bugs { get; }

    /// <param name="at">Null: a home of its own.</param>
    /// <param name="prepare">What it says from the first call on.</param>
    public static async Task<FakeAgent> StartAsync(Home? at = null, Action<FakeOutput>? prepare = null)
    {
        var home = at ?? new Home(Directory.CreateTempSubdirectory("holdfast-cli-").FullName);
        Directory.CreateDirectory(home.Run);
        FakeServices services = new();
        FakeOutput output = new();
        prepare?.Invoke(output);
        FakePackages packages = new();
        FakeNode node = new();
        FakeCluster cluster = new();
        FakeNodes nodes = new();
        FakeRecords records = new();
        var bugs = new ConcurrentQueue<Exception>();
        var server = new RpcServer(new RpcServerOptions { OnBug = (_, e) => bugs.Enqueue(e) }, TimeProvider.System, services, output, packages, node, cluster, nodes, records);
        var host = await RpcHost.ListenUnixSocketAsync(home.ApiSocket, server, CancellationToken.None);
        return new FakeAgent(home, server, host, services, output, packages, node, cluster, nodes, records, bugs);
    }

    /// <summary>Ends as an agent that is replaced; the home stays.</summary>
    public async Task StopAsync()
    {
        await host.DisposeAsync();
        server.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Home.Path, recursive: true);
    }
}
