using System.Buffers.Binary;

namespace Holdfast.Core.Supervision.Control;

/// <summary>
/// Takes bytes as they come and gives whole frames. A frame that cannot be one (too large, reserved bits set) spoils
/// the stream for good: there is no way to find the next frame in it, so <see cref="Fault"/> says why and nothing more comes.
/// </summary>
public sealed class FrameReader
{
    private byte[] buffer = new byte[4096];
    private int start;
    private int end;

    /// <summary>Why the stream is spoilt; null: it is not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Where the next bytes go; then <see cref="Advance"/>. Frames given before are no longer valid.</summary>
    public Memory<byte> GetMemory()
    {
        if (start == end)
            start = end = 0;
        var needed = Math.Min(PayloadLength() ?? 0, ControlProtocol.LargestPayload) + FrameWriter.HeaderBytes - (end - start);
        needed = Math.Max(needed, 1);
        if (buffer.Length - end >= needed) return buffer.AsMemory(end);

        var held = end - start;
        var larger = buffer.Length >= held + needed ? buffer : new byte[Math.Max(held + needed, buffer.Length * 2)];
        buffer.AsSpan(start, held).CopyTo(larger);
        (buffer, start, end) = (larger, 0, held);
        return buffer.AsMemory(end);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Length - end);
        end += count;
    }

    /// <summary>The next whole frame; false: more bytes are needed, or the stream is spoilt.</summary>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        if (Fault is not null || PayloadLength() is not { } length) return false;
        var header = buffer.AsSpan(start, FrameWriter.HeaderBytes);
        var (kind, flags, channel) = ((FrameKind)header[4], (FrameFlags)header[5], BinaryPrimitives.ReadUInt32LittleEndian(header[8..]));
        var most = kind == FrameKind.Data ? ControlProtocol.LargestData : ControlProtocol.LargestPayload;
        if (length > most)
            Fault = $"a frame of {length} bytes, where {most} are allowed";
        else if (header[6] != 0 || header[7] != 0)
            Fault = "a frame whose reserved bytes are not zero";
        if (Fault is not null || end - start < FrameWriter.HeaderBytes + length) return false;

        frame = new Frame(kind, flags, channel, buffer.AsMemory(start + FrameWriter.HeaderBytes, length));
        start += FrameWriter.HeaderBytes + length;
        return true;
    }

    private int? PayloadLength()
    {
        if (end - start < FrameWriter.HeaderBytes) return null;
        return (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(start)), int.MaxValue);
    }
}
