using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Holdfast.Rpc.Wire;

/// <summary>A message on the wire: a flag (0: not compressed), the length as four bytes, big end first, and the bytes.</summary>
internal static class MessageWriting
{
    public const int HeaderBytes = 5;

    public static void Write<T>(IBufferWriter<byte> output, T message)
        where T : IMessage<T>
    {
        var header = output.GetSpan(HeaderBytes);
        header[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)message.CalculateSize());
        output.Advance(HeaderBytes);
        message.WriteTo(output);
    }
}
