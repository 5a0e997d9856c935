using System.Buffers;
using Google.Protobuf;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>The body of a call that sends messages one by one: the transport's stream is held until the sender has ended.</summary>
/// <param name="maxBytes">Largest message that is sent; null: any.</param>
internal sealed class StreamedContent<T>(bool compress, int? maxBytes) : CallContent
    where T : class, IMessage<T>
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Lock one = new();
    private Stream? to;
    private bool hasWritten;

    /// <summary>Whether the messages from now on are compressed.</summary>
    public bool Compress { get; set; } = compress;

    protected override int MayBegin => 2;

    /// <summary>Sends one message; waits for room where the other side is slower.</summary>
    public async Task WriteAsync(T message, CancellationToken cancel)
    {
        buffer.ResetWrittenCount();
        MessageWriting.Write(buffer, message, Compress);
        SendLimit.Check(buffer.WrittenCount, maxBytes);
        await opened.Task.WaitAsync(cancel).ConfigureAwait(false);
        var stream = TakeStream();
        await stream.WriteAsync(buffer.WrittenMemory, cancel).ConfigureAwait(false);
        await stream.FlushAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>No message follows.</summary>
    public void End() => ended.TrySetResult();

    /// <param name="cancel">
    /// The call is over: cancelled, or answered by a server that takes nothing more (RST_STREAM with NO_ERROR). Who goes on holding the stream then keeps it open in
    /// the transport, where one more frame of a careless server ends the whole connection: the C core says a passed deadline twice.
    /// </param>
    protected override async Task SendAsync(Stream stream, CancellationToken cancel)
    {
        lock (one)
        {
            // Messages that went to a stream before this one are gone, and a call without them is another call.
            if (hasWritten) throw new RpcException(StatusCode.Unavailable, "the server refused the call, when messages of it had been sent");
            to = stream;
        }

        // The headers must not wait for the first message: the server may have something to say before it.
        await stream.FlushAsync(cancel).ConfigureAwait(false);
        opened.TrySetResult();
        await ended.Task.WaitAsync(cancel).ConfigureAwait(false);
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

    private Stream TakeStream()
    {
        lock (one)
        {
            hasWritten = true;
            return to!;
        }
    }
}
