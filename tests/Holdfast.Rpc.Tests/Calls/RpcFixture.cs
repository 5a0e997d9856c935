using System.Collections.Concurrent;
using System.Net;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.Tests.Calls;

/// <summary>A server with the <see cref="TestService"/> on loopback TCP or a local socket, and a channel to it.</summary>
internal sealed class RpcFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string? folder;
    private readonly RpcHost host;

    private RpcFixture(TestService service, RpcServer server, RpcHost host, RpcTransport transport, string? folder, ConcurrentQueue<Exception> bugs)
    {
        Service = service;
        Server = server;
        this.host = host;
        this.folder = folder;
        Bugs = bugs;
        Channel = new RpcChannel(transport, TimeProvider.System);
    }

    public TestService Service { get; }

    public RpcServer Server { get; }

    public RpcHost Host => host;

    public RpcChannel Channel { get; }

    public ConcurrentQueue<Exception> Bugs { get; }

    public Uri Address => new(host.Addresses.Single());

    /// <summary>Of a server on a local socket.</summary>
    public string SocketPath => Path.Combine(folder!, "api.sock");

    public static async Task<RpcFixture> StartAsync(bool unix = false, Func<ServerCallContext, Task>? before = null, int maxMessageBytes = RpcLimits.MaxMessageBytes)
    {
        var bugs = new ConcurrentQueue<Exception>();
        var service = new TestService();
        var options = new RpcServerOptions
        {
            MaxMessageBytes = maxMessageBytes,
            OnBug = (_, e) => bugs.Enqueue(e),
            BeforeCall = before,
            Translate = e => e is TimeoutException ? new RpcException(StatusCode.FailedPrecondition, e.Message) : null,
        };
        var server = new RpcServer(options, TimeProvider.System, service);
        if (!unix)
        {
            var tcp = await RpcHost.ListenTcpAsync(new IPEndPoint(IPAddress.Loopback, 0), server, CancellationToken.None);
            return new(service, server, tcp, RpcTransport.Tcp(new Uri(tcp.Addresses.Single())), null, bugs);
        }

        var folder = Directory.CreateTempSubdirectory("holdfast-rpc-").FullName;
        var path = Path.Combine(folder, "api.sock");
        var local = await RpcHost.ListenUnixSocketAsync(path, server, CancellationToken.None);
        return new(service, server, local, RpcTransport.UnixSocket(path), folder, bugs);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await host.DisposeAsync();
        Server.Dispose();
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }
}
