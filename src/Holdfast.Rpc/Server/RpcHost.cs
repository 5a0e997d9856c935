using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Rpc.Server;

/// <summary>Kestrel with nothing but an <see cref="RpcServer"/> on it.</summary>
public sealed class RpcHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RpcServer server;

    private RpcHost(WebApplication app, RpcServer server)
    {
        this.app = app;
        this.server = server;
    }

    /// <summary>Where it listens, as URIs, with the ports that were assigned.</summary>
    public IReadOnlyCollection<string> Addresses =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Listens on a local socket. A file that is left from before is removed: make sure first that nobody listens on it.</summary>
    /// <exception cref="IOException">The socket cannot be bound.</exception>
    public static async Task<RpcHost> ListenUnixSocketAsync(string path, RpcServer server, CancellationToken cancel)
    {
        File.Delete(path);
        return await StartAsync(server, kestrel => kestrel.ListenUnixSocket(path, Http2Only), cancel).ConfigureAwait(false);
    }

    /// <summary>Listens on TCP without TLS: for loopback only. Port 0 takes a free one.</summary>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    public static Task<RpcHost> ListenTcpAsync(IPEndPoint endPoint, RpcServer server, CancellationToken cancel) =>
        StartAsync(server, kestrel => kestrel.Listen(endPoint, Http2Only), cancel);

    /// <summary>Kestrel's settings that calls need: nothing cuts a stream for being slow or long.</summary>
    public static void Configure(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestBodySize = null;
    }

    /// <summary>Lets the calls under way end for so long, then stops listening.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await server.DrainAsync(patience).ConfigureAwait(false);
        await app.StopAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private static void Http2Only(ListenOptions listen) => listen.Protocols = HttpProtocols.Http2;

    private static async Task<RpcHost> StartAsync(RpcServer server, Action<KestrelServerOptions> listen, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(server);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            Configure(kestrel);
            listen(kestrel);
        });
        var app = builder.Build();
        app.Run(server.HandleAsync);
        try
        {
            await app.StartAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new RpcHost(app, server);
    }
}
