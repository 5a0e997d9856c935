using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>What the framework says of the end of a whole connection, as against the reset of one stream.</summary>
internal static class ConnectionFailure
{
    /// <summary>The framework tells the two apart in words alone; tests hold them.</summary>
    private const string Left = "closed the connection", Vanished = "respond to a ping";

    /// <summary>Whether the server left, or vanished. What it did wrong on a connection is a fault of another kind.</summary>
    public static bool IsOne(HttpProtocolException protocol) =>
        protocol.Message.Contains(Left, StringComparison.Ordinal) || protocol.Message.Contains(Vanished, StringComparison.Ordinal);

    /// <summary>Whether the server left because it was pinged too often (gRFC A8).</summary>
    public static bool IsTooManyPings(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException { ErrorCode: (long)Http2Error.EnhanceYourCalm } protocol) return IsOne(protocol);
        }

        return false;
    }
}
