using System.Net;
using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Node.Metrics;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>
/// The agent's doors in one Kestrel: gRPC on the local socket, at the services' door, and on TCP in mutual TLS where that is asked for; and /metrics, which can only be read, on loopback.
/// </summary>
internal sealed class AgentWeb : IAsyncDisposable
{
    /// <summary>For calls in progress.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly WebApplication app;
    private readonly RpcServer server;
    private readonly ApiListener api;

    private AgentWeb(WebApplication app, RpcServer server, ApiListener api)
    {
        this.app = app;
        this.server = server;
        this.api = api;
    }

    /// <summary>Empty where it is off.</summary>
    public string MetricsAddress => app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
        .Where(address => address.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) || address.StartsWith("http://[::1]:", StringComparison.Ordinal))
        .Select(address => address + "/metrics")
        .FirstOrDefault("");

    /// <summary>ADDRESS:PORT; empty where it is off.</summary>
    public string TlsAddress => app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
        .Where(address => address.StartsWith("https://", StringComparison.Ordinal))
        .Select(address => address["https://".Length..])
        .FirstOrDefault("");

    /// <param name="certificates">For the listener on TCP; null: there is none.</param>
    /// <param name="refusals">Told who was not let in.</param>
    public static async Task<Outcome<AgentWeb>> StartAsync(
        ApiListener api, AgentOptions options, NodeCertificates? certificates, RpcServer server, Refusals refusals, MetricsEndpoint page, ILoggerFactory loggers, CancellationToken cancel)
    {
        var door = options.Metrics;
        if (options.Listen is { } listened && IsTaken(listened.Port))
            return ListenTaken(listened);
        if (door is MetricsDoor.At { EndPoint: var asked } && IsTaken(asked.Port))
            return MetricsTaken(asked);
        var metrics = door switch
        {
            MetricsDoor.At at => at.EndPoint,
            MetricsDoor.Usual => new IPEndPoint(IPAddress.Loopback, IsTaken(MetricsDoor.DefaultPort) ? 0 : MetricsDoor.DefaultPort),
            _ => null,
        };

        var builder = WebApplication.CreateEmptyBuilder(new());
        RpcHost.LetDrain(builder.Services);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, AgentLifetime>();
        builder.WebHost.UseKestrelCore();
        if (certificates is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        var log = loggers.CreateLogger<AgentWeb>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            RpcHost.Configure(kestrel);
            api.ListenOn(kestrel, refusals);
            if (metrics is not null)
                kestrel.Listen(metrics, listen => listen.Protocols = HttpProtocols.Http1);
            // Who joins has no certificate yet: Caller refuses it everything else.
            if (options.Listen is { } tcp && certificates is not null)
                kestrel.Listen(tcp, listen => listen.UseMutualTls(certificates.Now, peer =>
                {
                    AgentLog.NotLetIn(log, peer.Why);
                    refusals.NotLetIn(peer);
                }, noneToo: true));
        });
        // After it has its sockets: it takes them only where nothing else is there to listen with.
        ApiListener.Prepare(builder.WebHost, options.Home);
        var app = builder.Build();
        app.Run(http => IsApi(http) ? server.HandleAsync(http) : page.HandleAsync(http));
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception e) when (options.Listen is not null && e is IOException or SocketException)
        {
            await app.DisposeAsync();
            return NotListening(options.Listen!, e);
        }

        return new AgentWeb(app, server, api);
    }

    public async ValueTask DisposeAsync()
    {
        await RpcHost.StopAsync(app, server, Patience);
        await app.DisposeAsync();
        api.Dispose();
    }

    /// <summary>What came over a local socket, which alone has no address, or in TLS.</summary>
    private static bool IsApi(HttpContext http) => http.Connection.LocalIpAddress is null || http.Features.Get<ITlsHandshakeFeature>() is not null;

    private static bool IsTaken(int port) => port != 0 && PortOwner.IsTaken(port);

    private static Problem ListenTaken(IPEndPoint endPoint)
    {
        var owner = PortOwner.Find(endPoint.Port)?.ToString() ?? "somebody";
        return new(ProblemKind.Conflict, "agent.listen-port", $"Port {endPoint.Port} for the API is taken by {owner}.") { Mend = "choose another with `holdfast agent --listen ADDRESS:PORT`" };
    }

    private static Problem NotListening(IPEndPoint endPoint, Exception e) => new(ProblemKind.Conflict, "agent.listen", $"The API cannot answer at {endPoint}.")
    {
        Why = e.Message,
        Mend = "name an address of this machine with --listen ADDRESS:PORT (0.0.0.0 for all of them)",
    };

    private static Problem MetricsTaken(IPEndPoint endPoint)
    {
        var owner = PortOwner.Find(endPoint.Port)?.ToString() ?? "somebody";
        return new(ProblemKind.Conflict, "agent.metrics-port", $"Port {endPoint.Port} for /metrics is taken by {owner}.")
        {
            Mend = "choose another with `holdfast agent --metrics 127.0.0.1:PORT`, or `--metrics off`",
        };
    }
}
