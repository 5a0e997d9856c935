using System.Buffers;
using System.Buffers.Binary;

namespace Holdfast.Core.Supervision.Control;

/// <summary>
/// A frame's bytes: payload length (u32), kind (u8), flags (u8), zero (u16), channel (u32), payload; numbers little-endian.
/// </summary>
public static class FrameWriter
{
    public const int HeaderBytes = 12;

    public static void Write(IBufferWriter<byte> output, FrameKind kind, FrameFlags flags, uint channel, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, ControlProtocol.LargestPayload, nameof(payload));
        var span = output.GetSpan(HeaderBytes + payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)payload.Length);
        span[4] = (byte)kind;
        span[5] = (byte)flags;
        span[6] = 0;
        span[7] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], channel);
        payload.CopyTo(span[HeaderBytes..]);
        output.Advance(HeaderBytes + payload.Length);
    }

    public static byte[] ToBytes(FrameKind kind, ReadOnlySpan<byte> payload, uint channel = 0, FrameFlags flags = FrameFlags.None)
    {
        var buffer = new ArrayBufferWriter<byte>(HeaderBytes + payload.Length);
        Write(buffer, kind, flags, channel, payload);
        return buffer.WrittenSpan.ToArray();
    }
}
