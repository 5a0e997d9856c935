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
    private readonly ReadOnlyMemory<byte> body;

    public OneMessageContent(T message, bool compress)
    {
        ArgumentNullException.ThrowIfNull(message);
        var buffer = new ArrayBufferWriter<byte>();
        MessageWriting.Write(buffer, message, compress);
        body = buffer.WrittenMemory;
        Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) => await stream.WriteAsync(body).ConfigureAwait(false);

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
