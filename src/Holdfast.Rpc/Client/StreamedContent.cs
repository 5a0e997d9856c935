using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>The body of a call that sends messages one by one: the transport's stream is held until the sender has ended.</summary>
internal sealed class StreamedContent<T> : HttpContent
    where T : class, IMessage<T>
{
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> buffer = new();

    public StreamedContent(bool compress)
    {
        Compress = compress;
        Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);
    }

    /// <summary>Whether the messages from now on are compressed.</summary>
    public bool Compress { get; set; }

    /// <summary>Sends one message; waits for room where the other side is slower.</summary>
    public async Task WriteAsync(T message, CancellationToken cancel)
    {
        var stream = await opened.Task.WaitAsync(cancel).ConfigureAwait(false);
        buffer.ResetWrittenCount();
        MessageWriting.Write(buffer, message, Compress);
        await stream.WriteAsync(buffer.WrittenMemory, cancel).ConfigureAwait(false);
        await stream.FlushAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>No message follows.</summary>
    public void End() => ended.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        // The headers must not wait for the first message: the server may have something to say before it.
        await stream.FlushAsync().ConfigureAwait(false);
        opened.TrySetResult(stream);
        await ended.Task.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        // The call is over: a writer that waits must not wait for ever.
        opened.TrySetCanceled();
        ended.TrySetResult();
        base.Dispose(disposing);
    }
}
