namespace Holdfast.Rpc.Client;

/// <summary>A channel's connections: those of now, and those from before its pings were too many for the server, which end with their calls.</summary>
internal sealed class ChannelConnections : IDisposable
{
    /// <summary>What gRPC's servers themselves keep to; they never want longer.</summary>
    private static readonly TimeSpan MostInterval = TimeSpan.FromHours(2);

    private readonly Lock one = new();
    private readonly List<ChannelHttp> before = [];
    private readonly RpcTransport transport;
    private readonly Action connected;
    private volatile ChannelHttp now;
    private bool isClosed;

    public ChannelConnections(RpcTransport transport, Keepalive keepalive, Action connected)
    {
        this.transport = transport;
        this.connected = connected;
        now = New(keepalive);
    }

    public ChannelHttp Now => now;

    public void Dispose()
    {
        lock (one)
        {
            isClosed = true;
            foreach (var http in before) http.Dispose();
            now.Dispose();
        }
    }

    /// <summary>Many calls may have been on the connection; the interval doubles once.</summary>
    private void PingLess(ChannelHttp pinged)
    {
        lock (one)
        {
            if (isClosed || transport.IsLocal || pinged != now || pinged.Keepalive.Interval >= MostInterval) return;
            var interval = pinged.Keepalive.Interval * 2;
            before.Add(pinged);
            now = New(pinged.Keepalive with { Interval = interval < MostInterval ? interval : MostInterval });
        }
    }

    private ChannelHttp New(Keepalive keepalive) =>
        new(new HttpMessageInvoker(ChannelHandler.New(transport, keepalive, connected), disposeHandler: true), keepalive, PingLess);
}
