namespace Holdfast.Rpc.Wire;

/// <summary>The protocol's own headers.</summary>
internal static class HeaderNames
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string PreviousAttempts = "grpc-previous-rpc-attempts";
    public const string Pushback = "grpc-retry-pushback-ms";
    public const string ContentType = "application/grpc";
    public const string Identity = "identity";

    /// <summary>What is spoken here, as <c>grpc-accept-encoding</c> says it.</summary>
    public const string Encodings = Identity + "," + Gzip.Name;

    /// <summary>Headers of the transport, which are no metadata of the call.</summary>
    public static bool IsTransport(string name) =>
        name.StartsWith(':')
        || (name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase) && !IsForTheCall(name))
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("accept-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("te", StringComparison.OrdinalIgnoreCase)
        || name.Equals("host", StringComparison.OrdinalIgnoreCase);

    /// <summary>gRPC's own names that handlers and callers may see all the same.</summary>
    private static bool IsForTheCall(string name) =>
        name.Equals(StatusDetails, StringComparison.OrdinalIgnoreCase)
        || name.Equals(PreviousAttempts, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Pushback, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a content type is gRPC: the name itself, a <c>+subtype</c> or parameters after it.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';' or ' ');
}
