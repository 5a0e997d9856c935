using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Client;

/// <summary>How a channel treats all its calls.</summary>
public sealed record RpcChannelOptions
{
    /// <summary>Largest message that is taken in, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = RpcLimits.MaxMessageBytes;

    /// <summary>How methods are called: timeouts, limits, retries. Null: no method has anything of its own, and nothing is retried.</summary>
    public ServiceConfig? Config { get; init; }

    /// <summary>Sent with every call, before its own; null: none.</summary>
    public Metadata? Headers { get; init; }

    /// <summary>How a server that vanished is noticed. On a local socket the kernel tells, and nothing is pinged.</summary>
    public Keepalive Keepalive { get; init; } = Keepalive.Client;

    /// <summary>Where the unevenness of waits comes from: 0 to 1.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;
}
