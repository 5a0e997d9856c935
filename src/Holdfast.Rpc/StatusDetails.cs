using Google.Protobuf;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc;

/// <summary>
/// gRPC's richer error model: beside code and sentence a status carries messages that a program can read (<c>google.rpc.Status</c>, in the trailer
/// <c>grpc-status-details-bin</c>).
/// </summary>
public static class StatusDetails
{
    /// <summary>What a handler throws to end its call with this status, details and all.</summary>
    /// <param name="trailers">What else is to go with it.</param>
    public static RpcException ToException(this Google.Rpc.Status status, Metadata? trailers = null)
    {
        ArgumentNullException.ThrowIfNull(status);
        var all = new Metadata();
        foreach (var entry in trailers ?? []) all.Add(entry);
        all.Add(HeaderNames.StatusDetails, status.ToByteArray());
        return new RpcException(new RpcStatus((StatusCode)status.Code, status.Message), all);
    }

    /// <summary>The details that came with a status; null: none, or none that can be read, or of another status than the call's.</summary>
    public static Google.Rpc.Status? Details(this RpcException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure.Trailers.GetBytes(HeaderNames.StatusDetails) is not { } bytes) return null;
        try
        {
            var status = Google.Rpc.Status.Parser.ParseFrom(bytes);
            return status.Code == (int)failure.Status.Code ? status : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
