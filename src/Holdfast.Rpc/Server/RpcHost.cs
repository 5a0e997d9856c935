using System.Net;
using Holdfast.Rpc.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Holdfast.Rpc.Server;

/// <summary>Kestrel with nothing but an <see cref="RpcServer"/> on it.</summary>
public sealed class RpcHost : IAsyncDisposable
{
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(2);

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

    /// <summary>Listens on TCP in mutual TLS: who shows no certificate that is taken gets nothing. Port 0 takes a free one.</summary>
    /// <param name="identity">Asked at each handshake.</param>
    /// <param name="refused">Told who was not let in and why.</param>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    public static Task<RpcHost> ListenTlsAsync(IPEndPoint endPoint, Func<TlsIdentity> identity, Action<string> refused, RpcServer server, CancellationToken cancel) =>
        StartAsync(server, kestrel => kestrel.Listen(endPoint, listen => listen.UseMutualTls(identity, peer => refused(peer.Why))), cancel);

    /// <summary>
    /// Kestrel's settings that calls need: nothing cuts a stream for being slow or long, but a client that has vanished is noticed, and its calls end.
    /// </summary>
    /// <param name="keepalive">When a silent client is pinged; null: as <see cref="Keepalive.Server"/> says. One second is the least of either time.</param>
    public static void Configure(KestrelServerOptions kestrel, Keepalive? keepalive = null)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        keepalive ??= Keepalive.Server;
        kestrel.Limits.Http2.KeepAlivePingDelay = keepalive.Interval;
        kestrel.Limits.Http2.KeepAlivePingTimeout = keepalive.Timeout;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestBodySize = null;
    }

    /// <summary>Stops listening, lets the calls under way end for so long, then cancels them.</summary>
    public Task StopAsync(TimeSpan patience) => StopAsync(app, server, patience);

    /// <summary>
    /// The same for an application that has an <see cref="RpcServer"/> beside other things. Clients are told at once (GOAWAY), so that their next call goes
    /// elsewhere; who calls nevertheless gets UNAVAILABLE.
    /// </summary>
    public static async Task StopAsync(IHost app, RpcServer server, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(server);
        using var over = new CancellationTokenSource();
        var closing = app.StopAsync(over.Token);
        await server.DrainAsync(patience).ConfigureAwait(false);
        // The last answers are on their way; a client that takes none is left behind.
        over.CancelAfter(LastAnswers);
        await closing.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>How long stopping may take is said when it is stopped, and nowhere else.</summary>
    public static void LetDrain(IServiceCollection services) => services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);

    private static void Http2Only(ListenOptions listen) => listen.Protocols = HttpProtocols.Http2;

    private static async Task<RpcHost> StartAsync(RpcServer server, Action<KestrelServerOptions> listen, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(server);
        var builder = WebApplication.CreateEmptyBuilder(new());
        LetDrain(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
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
