namespace Holdfast.Rpc.Server;

/// <summary>How a server treats all its calls.</summary>
public sealed record RpcServerOptions
{
    /// <summary>Largest message that is taken in, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = RpcLimits.MaxMessageBytes;

    /// <summary>Whether answers are compressed with gzip where the client takes that; a handler may choose otherwise (<see cref="ServerCallContext.Compress"/>).</summary>
    public bool Compress { get; init; }

    /// <summary>
    /// Runs before every handler: finds out who calls (<see cref="ServerCallContext.Peer"/>) and may refuse by
    /// throwing an <see cref="RpcException"/>.
    /// </summary>
    public Func<ServerCallContext, Task>? BeforeCall { get; init; }

    /// <summary>Turns an exception of the host's own into a status; null from it means: not mine.</summary>
    public Func<Exception, RpcException?>? Translate { get; init; }

    /// <summary>Told of every exception of a handler that is a bug. The client learns only that there was one.</summary>
    public required Action<string, Exception> OnBug { get; init; }
}
