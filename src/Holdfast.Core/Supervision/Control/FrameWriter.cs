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
        Write(output.GetSpan(HeaderBytes + payload.Length), kind, flags, channel, payload);
        output.Advance(HeaderBytes + payload.Length);
    }

    public static byte[] ToBytes(FrameKind kind, ReadOnlySpan<byte> payload, uint channel = 0, FrameFlags flags = FrameFlags.None)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, ControlProtocol.LargestPayload, nameof(payload));
        var frame = new byte[HeaderBytes + payload.Length];
        Write(frame, kind, flags, channel, payload);
        return frame;
    }

    private static void Write(Span<byte> span, FrameKind kind, FrameFlags flags, uint channel, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)payload.Length);
        span[4] = (byte)kind;
        span[5] = (byte)flags;
        span[6] = 0;
        span[7] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], channel);
        payload.CopyTo(span[HeaderBytes..]);
    }
}
