using System.Net;
using System.Net.Http.Headers;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>
/// The body of a call. The transport asks for it again when the server says that it has not looked at the stream (REFUSED_STREAM, GOAWAY): up to three times,
/// and it cannot be told otherwise. gRPC allows that once in a call (gRFC A6), and only with the same bytes; so the body refuses.
/// </summary>
internal abstract class CallContent : HttpContent
{
    private int begun;

    protected CallContent() => Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);

    /// <summary>Whether there was a stream for it, on a connection; before that nothing of the call has left this process.</summary>
    public bool HasBegun => Volatile.Read(ref begun) > 0;

    /// <summary>How often it may be sent.</summary>
    protected abstract int MayBegin { get; }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel) =>
        Interlocked.Increment(ref begun) <= MayBegin
            ? SendAsync(stream, cancel)
            : throw new RpcException(StatusCode.Unavailable, "the server refused the call, and refused it again");

    protected abstract Task SendAsync(Stream stream, CancellationToken cancel);
}
