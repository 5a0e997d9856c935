using System.Buffers;
using Google.Protobuf;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>The body of a call that sends one message.</summary>
/// <param name="body">The message with its header.</param>
/// <param name="isFirst">Whether it is the first attempt: only that is sent again where the server has not looked at it.</param>
internal sealed class OneMessageContent(ArrayBufferWriter<byte> body, bool isFirst = true) : CallContent
{
    protected override int MayBegin => isFirst ? 2 : 1;

    public static ArrayBufferWriter<byte> Body<T>(T message, bool compress)
        where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(message);
        var size = message.CalculateSize();
        var buffer = new ArrayBufferWriter<byte>(MessageWriting.HeaderBytes + size);
        MessageWriting.Write(buffer, message, size, compress);
        return buffer;
    }

    protected override async Task SendAsync(Stream stream, CancellationToken cancel) => await stream.WriteAsync(body.WrittenMemory, cancel).ConfigureAwait(false);

    protected override bool TryComputeLength(out long length)
    {
        length = body.WrittenCount;
        return true;
    }
}
