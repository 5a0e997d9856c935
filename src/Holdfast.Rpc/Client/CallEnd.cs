using System.Net.Sockets;
using System.Security.Authentication;
using Holdfast.Rpc.Client.Retries;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>What can end a call on this side: the user, the deadline. Knows which it was, and what a failure of the transport means.</summary>
internal sealed class CallEnd : IDisposable
{
    private readonly CancellationTokenSource either;
    private readonly CancellationTokenSource? deadline;
    private readonly CancellationToken user;
    private bool cancelledHere;

    public CallEnd(CallOptions options, TimeProvider time)
    {
        user = options.Cancel;
        // A negative time has passed already; a very long one is longer than a timer can wait, and than any call.
        if (options.Timeout is { } timeout && timeout < RpcLimits.MaxTimer)
            deadline = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(user, deadline?.Token ?? CancellationToken.None);
        Token = either.Token;
    }

    public CancellationToken Token { get; }

    private bool DeadlinePassed => deadline is { IsCancellationRequested: true };

    public void CancelByUser()
    {
        cancelledHere = true;
        either.Cancel();
    }

    /// <summary>A server that gives up at the deadline may say so as a cancellation.</summary>
    public RpcStatus Judge(RpcStatus status) =>
        status.Code == StatusCode.Cancelled && DeadlinePassed ? Late : status;

    /// <summary>The status for an exception of the transport.</summary>
    public RpcException Explain(Exception e)
    {
        if (e is RpcException already) return already;
        if (DeadlinePassed) return new RpcException(e is NeverReadyException ? NeverReady(e) : Late, inner: e);
        if (user.IsCancellationRequested || cancelledHere) return new RpcException(new RpcStatus(StatusCode.Cancelled, "the call was cancelled here"), inner: e);
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is RpcException ours) return ours;
            if (cause is HttpProtocolException protocol) return FromReset(protocol, e);
            if (cause is AuthenticationException refused) return new RpcException(new RpcStatus(StatusCode.Unavailable, refused.Message), inner: e);
            // The framework's limit for one attempt to connect.
            if (cause is TimeoutException slow) return new RpcException(new RpcStatus(StatusCode.Unavailable, slow.Message), inner: e);
            if (cause is SocketException socket) return new RpcException(new RpcStatus(StatusCode.Unavailable, socket.Message), inner: e);
        }

        // Of itself only the channel's own: what a connection says is inside of something else.
        if (e is ObjectDisposedException) return new RpcException(new RpcStatus(StatusCode.Cancelled, "the channel was closed here"), inner: e);
        return e is HttpRequestException or IOException or OperationCanceledException
            ? new RpcException(new RpcStatus(StatusCode.Unavailable, e.Message), inner: e)
            : new RpcException(new RpcStatus(StatusCode.Internal, e.Message), inner: e);
    }

    public void Dispose()
    {
        either.Dispose();
        deadline?.Dispose();
    }

    private static RpcStatus Late { get; } = new(StatusCode.DeadlineExceeded, "no answer before the deadline");

    private static RpcStatus NeverReady(Exception last) =>
        new(StatusCode.DeadlineExceeded, $"the server could not be reached before the deadline: {last.GetBaseException().Message}");

    private static RpcException FromReset(HttpProtocolException protocol, Exception e)
    {
        var error = (Http2Error)protocol.ErrorCode;
        if (ConnectionFailure.IsOne(protocol)) return new RpcException(new RpcStatus(StatusCode.Unavailable, protocol.Message), inner: e);
        var code = error switch
        {
            Http2Error.RefusedStream => StatusCode.Unavailable,
            Http2Error.Cancel => StatusCode.Cancelled,
            Http2Error.EnhanceYourCalm => StatusCode.ResourceExhausted,
            Http2Error.InadequateSecurity => StatusCode.PermissionDenied,
            _ => StatusCode.Internal,
        };
        return new RpcException(new RpcStatus(code, $"the server reset the call ({error})"), inner: e);
    }
}
