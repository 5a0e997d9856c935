using System.Collections.Concurrent;
using System.Net;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tls;

namespace Holdfast.Rpc.Tests.Calls;

/// <summary>A server with these services on loopback TCP, plain or in mutual TLS, and a channel to it.</summary>
internal sealed class RpcPair : IAsyncDisposable
{
    private readonly RpcServer server;
    private readonly TlsIdentity? client;

    private RpcPair(RpcServer server, RpcHost host, TlsIdentity? client, ConcurrentQueue<Exception> bugs)
    {
        this.server = server;
        Host = host;
        Bugs = bugs;
        this.client = client;
        Channel = Connect();
    }

    public RpcHost Host { get; }

    public Uri Address => new(Host.Addresses.Single());

    public RpcChannel Channel { get; }

    /// <summary>What no handler was meant to throw.</summary>
    public ConcurrentQueue<Exception> Bugs { get; }

    public static Task<RpcPair> StartAsync(params IEnumerable<RpcService> services) => StartAsync(null, null, services);

    /// <param name="identity">The server's; null: without TLS.</param>
    /// <param name="client">What the channel shows.</param>
    public static async Task<RpcPair> StartAsync(TlsIdentity? identity, TlsIdentity? client, params IEnumerable<RpcService> services)
    {
        var bugs = new ConcurrentQueue<Exception>();
        var server = new RpcServer(new RpcServerOptions { OnBug = (_, e) => bugs.Enqueue(e) }, TimeProvider.System, services);
        var endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        var host = identity is null
            ? await RpcHost.ListenTcpAsync(endPoint, server, default)
            : await RpcHost.ListenTlsAsync(endPoint, () => identity, refused => bugs.Enqueue(new InvalidOperationException(refused)), server, default);
        return new(server, host, client, bugs);
    }

    /// <summary>One more channel, which the caller closes.</summary>
    public RpcChannel Connect() => new(client is null ? RpcTransport.Tcp(Address) : RpcTransport.Tls(Address, () => client), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Host.DisposeAsync();
        server.Dispose();
    }
}
