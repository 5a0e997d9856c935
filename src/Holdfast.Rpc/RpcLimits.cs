namespace Holdfast.Rpc;

/// <summary>Every limit of this layer, with its unit.</summary>
public static class RpcLimits
{
    /// <summary>Largest message that is taken in, in bytes, where nothing else was said: gRPC's own default.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>Largest timeout that the wire can say, in seconds.</summary>
    public const long MaxTimeoutSeconds = 99_999_999;

    /// <summary>Largest message that is kept for another attempt, in bytes; a call with a larger one is made once.</summary>
    public const int MaxRetriedBytes = 1024 * 1024;

    /// <summary>Longest that a timer can wait; a later deadline is as good as none.</summary>
    internal static readonly TimeSpan MaxTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>How long the trailers of a call whose deadline passed may take to leave before the stream is reset.</summary>
    internal static readonly TimeSpan TrailersAfterDeadline = TimeSpan.FromSeconds(1);
}
