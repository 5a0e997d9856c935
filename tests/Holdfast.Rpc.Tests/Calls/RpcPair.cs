using System.Collections.Concurrent;
using System.Net;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.Tests.Calls;

/// <summary>A server with these services on loopback TCP, and a channel to it.</summary>
internal sealed class RpcPair : IAsyncDisposable
{
    private readonly RpcServer server;

    private RpcPair(RpcServer server, RpcHost host, ConcurrentQueue<Exception> bugs)
    {
        this.server = server;
        Host = host;
        Bugs = bugs;
        Channel = new RpcChannel(RpcTransport.Tcp(new Uri(host.Addresses.Single())), TimeProvider.System);
    }

    public RpcHost Host { get; }

    public RpcChannel Channel { get; }

    /// <summary>What no handler was meant to throw.</summary>
    public ConcurrentQueue<Exception> Bugs { get; }

    public static async Task<RpcPair> StartAsync(params IEnumerable<RpcService> services)
    {
        var bugs = new ConcurrentQueue<Exception>();
        var server = new RpcServer(new RpcServerOptions { OnBug = (_, e) => bugs.Enqueue(e) }, TimeProvider.System, services);
        return new(server, await RpcHost.ListenTcpAsync(new IPEndPoint(IPAddress.Loopback, 0), server, default), bugs);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Host.DisposeAsync();
        server.Dispose();
    }
}
