using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Holdfast.Rpc.Wire;

/// <summary>
/// Cuts a byte stream into messages. How the bytes were chunked on the way means nothing; a message's size is
/// judged before its bytes are waited for.
/// </summary>
/// <param name="pipe">The body.</param>
/// <param name="maxBytes">Largest message that is taken.</param>
/// <param name="encoding">What the other side's <c>grpc-encoding</c> says; null where it says nothing.</param>
/// <param name="unknownEncoding">The status for a message in an encoding that is not spoken here: the two sides differ.</param>
internal sealed class MessageReader(PipeReader pipe, int maxBytes, string? encoding, StatusCode unknownEncoding)
{
    private PipeReader pipe = pipe;
    private string? encoding = encoding;
    private bool atEnd;

    /// <summary>Whether the last message came compressed.</summary>
    public bool WasCompressed { get; private set; }

    /// <summary>Begins anew with another body.</summary>
    public void Begin(PipeReader nextPipe, string? nextEncoding)
    {
        pipe = nextPipe;
        encoding = nextEncoding;
        atEnd = false;
        WasCompressed = false;
    }

    /// <summary>The next message, or null when the stream ended between messages.</summary>
    /// <exception cref="RpcException">The bytes are no messages, or too many.</exception>
    public async ValueTask<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        while (!atEnd)
        {
            if (Take(await pipe.ReadAsync(cancel).ConfigureAwait(false), parser, out var message)) return message;
        }

        return null;
    }

    /// <summary>The same without waiting; false: not all of it has come.</summary>
    /// <exception cref="RpcException">The bytes are no messages, or too many.</exception>
    public bool TryRead<T>(MessageParser<T> parser, out T? message)
        where T : class, IMessage<T>
    {
        message = null;
        return atEnd || (pipe.TryRead(out var read) && Take(read, parser, out message));
    }

    /// <summary>True: there is a message, or the end of all.</summary>
    private bool Take<T>(ReadResult read, MessageParser<T> parser, out T? message)
        where T : class, IMessage<T>
    {
        var buffer = read.Buffer;
        message = null;
        if (buffer.Length >= MessageWriting.HeaderBytes)
        {
            var (compressed, length) = CheckHeader(buffer);
            if (buffer.Length - MessageWriting.HeaderBytes >= length)
            {
                var body = buffer.Slice(MessageWriting.HeaderBytes, length);
                message = Parse(parser, compressed ? Gzip.Unpack(body, maxBytes) : body);
                WasCompressed = compressed;
                // What ends with this message needs not be asked for the next one.
                atEnd = read.IsCompleted && body.Length + MessageWriting.HeaderBytes == buffer.Length;
                pipe.AdvanceTo(body.End);
                return true;
            }
        }

        if (!read.IsCompleted)
        {
            pipe.AdvanceTo(buffer.Start, buffer.End);
            return false;
        }

        atEnd = true;
        pipe.AdvanceTo(buffer.End);
        return buffer.IsEmpty ? true : throw new RpcException(StatusCode.Internal, "the stream ended in the middle of a message");
    }

    private (bool Compressed, long Length) CheckHeader(ReadOnlySequence<byte> buffer)
    {
        var header = buffer.FirstSpan;
        if (header.Length < MessageWriting.HeaderBytes) header = buffer.Slice(0, MessageWriting.HeaderBytes).ToArray();
        if (header[0] > 1) throw new RpcException(StatusCode.Internal, $"a message begins with the flag {header[0]}, which means nothing");
        if (header[0] == 1 && encoding != Gzip.Name)
        {
            throw encoding is null or HeaderNames.Identity
                ? new RpcException(StatusCode.Internal, "a compressed message came without grpc-encoding")
                : new RpcException(unknownEncoding, $"the encoding {encoding} is not spoken here");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..MessageWriting.HeaderBytes]);
        if (length > (uint)maxBytes)
            throw new RpcException(StatusCode.ResourceExhausted, $"a message of {length} bytes is larger than the {maxBytes} bytes that are taken");
        return (header[0] == 1, length);
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> body)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(new RpcStatus(StatusCode.Internal, "a message is not what its type says"), inner: e);
        }
    }
}
