using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>The body of a call that sends one message.</summary>
internal sealed class OneMessageContent<T> : HttpContent
    where T : class, IMessage<T>
{
    private readonly T message;

    public OneMessageContent(T message)
    {
        ArgumentNullException.ThrowIfNull(message);
        this.message = message;
        Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var buffer = new ArrayBufferWriter<byte>();
        MessageWriting.Write(buffer, message);
        await stream.WriteAsync(buffer.WrittenMemory).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = MessageWriting.HeaderBytes + message.CalculateSize();
        return true;
    }
}
