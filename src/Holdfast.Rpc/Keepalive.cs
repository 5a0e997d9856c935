namespace Holdfast.Rpc;

/// <summary>
/// HTTP/2 pings by which one side notices that the other has vanished without a word: a machine that lost its power, a firewall that forgot the connection.
/// </summary>
public sealed record Keepalive
{
    /// <summary>The least that a client may be set to: gRPC's own minimum (gRFC A8).</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For clients: longer than the five minutes that gRPC's servers want between two pings while no data flows, with room for the network's unevenness. They close
    /// the connection at the third that comes sooner ("too_many_pings"). Against servers that are known to allow it, shorter is fine; ours do.
    /// </summary>
    public static Keepalive Client { get; } = new() { Interval = TimeSpan.FromMinutes(6) };

    /// <summary>For servers: clients do not count what a server pings.</summary>
    public static Keepalive Server { get; } = new() { Interval = TimeSpan.FromMinutes(1) };

    /// <summary>How long nothing must have come before a ping is sent.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long its answer may take; then the connection is lost, and its calls end.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For clients: whether a connection without calls is pinged. A server that has no calls wants two hours between such pings.</summary>
    public bool WithoutCalls { get; init; }
}
