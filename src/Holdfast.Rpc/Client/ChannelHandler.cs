namespace Holdfast.Rpc.Client;

/// <summary>The framework's HTTP/2 client as channels need it.</summary>
internal static class ChannelHandler
{
    /// <summary>What gRPC gives one attempt to connect (grpc/grpc, doc/connection-backoff.md).</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    /// <param name="connected">Told of each new connection.</param>
    /// <exception cref="ArgumentException">The pings would be too many.</exception>
    public static SocketsHttpHandler New(RpcTransport transport, Keepalive keepalive, Action connected)
    {
        ArgumentNullException.ThrowIfNull(keepalive);
        if (keepalive.Interval < Keepalive.LeastInterval)
        {
            throw new ArgumentException(
                $"a ping each {keepalive.Interval.TotalSeconds:0.###} s is more than a server has to bear; {Keepalive.LeastInterval.TotalSeconds:0} s is the least", nameof(keepalive));
        }

        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = ConnectTimeout,
            // Tracing headers are not part of this layer; without a propagator the handler chain is one link shorter.
            ActivityHeadersPropagator = null,
            PlaintextStreamFilter = (context, _) =>
            {
                connected();
                return ValueTask.FromResult(context.PlaintextStream);
            },
        };
        if (!transport.IsLocal)
        {
            // A peer that vanished is noticed while calls wait for it, and only then unless asked.
            handler.KeepAlivePingDelay = keepalive.Interval;
            handler.KeepAlivePingTimeout = keepalive.Timeout;
            handler.KeepAlivePingPolicy = keepalive.WithoutCalls ? HttpKeepAlivePingPolicy.Always : HttpKeepAlivePingPolicy.WithActiveRequests;
        }

        transport.Configure(handler);
        return handler;
    }
}
