using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Holdfast.Rpc.Wire;

/// <summary>A message on the wire: a flag (1: compressed), the length as four bytes, big end first, and the bytes.</summary>
internal static class MessageWriting
{
    public const int HeaderBytes = 5;

    /// <summary>Up to here a message is written in one piece with its header. Above, it takes what room there is, piece by piece.</summary>
    private const int MostInOnePiece = 2048;

    public static void Write<T>(IBufferWriter<byte> output, T message, bool compress = false)
        where T : IMessage<T> => Write(output, message, message.CalculateSize(), compress);

    /// <param name="size">What the message's own reckoning of it says.</param>
    public static void Write<T>(IBufferWriter<byte> output, T message, int size, bool compress)
        where T : IMessage<T>
    {
        // Nothing would become more, and .NET's own packer makes no bytes at all of it.
        if (compress && size > 0)
        {
            var packed = Gzip.Pack(message.ToByteArray());
            WriteHeader(output, 1, packed.Length);
            output.Write(packed.Span);
            return;
        }

        if (size <= MostInOnePiece)
        {
            var piece = output.GetSpan(HeaderBytes + size);
            FormatHeader(piece, 0, size);
            message.WriteTo(piece.Slice(HeaderBytes, size));
            output.Advance(HeaderBytes + size);
            return;
        }

        WriteHeader(output, 0, size);
        message.WriteTo(output);
    }

    private static void WriteHeader(IBufferWriter<byte> output, byte flag, int length)
    {
        FormatHeader(output.GetSpan(HeaderBytes), flag, length);
        output.Advance(HeaderBytes);
    }

    private static void FormatHeader(Span<byte> header, byte flag, int length)
    {
        header[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
    }
}
