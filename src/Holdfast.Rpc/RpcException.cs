namespace Holdfast.Rpc;

/// <summary>
/// A call that did not end with <see cref="StatusCode.Ok"/>. A handler throws it to choose the status;
/// a client catches it. An exception, because this is the seam where values cross a wire.
/// </summary>
public sealed class RpcException : Exception
{
    public RpcException(RpcStatus status, Metadata? trailers = null, Exception? inner = null)
        : base(status?.ToString(), inner)
    {
        ArgumentNullException.ThrowIfNull(status);
        Status = status;
        Trailers = trailers ?? [];
    }

    public RpcException(StatusCode code, string detail)
        : this(new RpcStatus(code, detail))
    {
    }

    public RpcStatus Status { get; }

    /// <summary>For clients: the server itself said it, and not this side, or what lies between the two.</summary>
    public bool IsServersWord { get; init; }

    /// <summary>What came, or is to go, beside the status.</summary>
    public Metadata Trailers { get; }

    /// <summary>What a method that nobody implements answers.</summary>
    public static RpcException Unimplemented(string method) =>
        new(StatusCode.Unimplemented, $"{method} is not implemented here");
}
