using System.Buffers.Binary;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>One whole frame of HTTP/2.</summary>
internal delegate void SeeFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload);

/// <summary>Cuts one direction of a connection into frames, however its bytes are chunked.</summary>
/// <param name="preface">Bytes ahead of the first frame.</param>
internal sealed class FrameReader(int preface, SeeFrame see)
{
    private const int HeadBytes = 9;

    private readonly List<byte> kept = [];
    private int before = preface;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        var skipped = Math.Min(before, bytes.Length);
        before -= skipped;
        kept.AddRange(bytes[skipped..]);
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept);
        var at = 0;
        while (all.Length - at >= HeadBytes)
        {
            var head = all[at..];
            var length = head[0] << 16 | head[1] << 8 | head[2];
            if (head.Length < HeadBytes + length) break;
            see(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head[5..]) & int.MaxValue, head.Slice(HeadBytes, length));
            at += HeadBytes + length;
        }

        kept.RemoveRange(0, at);
    }
}

/// <summary>Counts the messages of one stream that have the flag of compression, however they are cut into frames.</summary>
internal sealed class PackedCount
{
    private const int HeadBytes = 5;

    private readonly byte[] head = new byte[HeadBytes];
    private int have;
    private long rest;

    /// <returns>How many begin here.</returns>
    public int Take(ReadOnlySpan<byte> data)
    {
        var count = 0;
        while (!data.IsEmpty)
        {
            var body = (int)Math.Min(rest, data.Length);
            rest -= body;
            data = data[body..];
            if (data.IsEmpty) break;
            head[have++] = data[0];
            data = data[1..];
            if (have < HeadBytes) continue;
            count += head[0] & 1;
            rest = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1));
            have = 0;
        }

        return count;
    }
}
