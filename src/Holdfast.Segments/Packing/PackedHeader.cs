using System.Buffers.Binary;
using Holdfast.Segments.Files;

namespace Holdfast.Segments.Packing;

/// <summary>
/// The 160 bytes at the start of a packed segment (little-endian): mark 8, version 4, CRC-32C of the rest 4, size of a frame 4, zero 4, bytes of the segment 8, sequence behind its last line 8,
/// id of the key 16 (zero: it is not encrypted), salt 32, zero 8, and the 64 bytes of the segment's own header, so that nobody needs a key to know what it is.
/// After it, for each frame, its length in the file 4 (the highest bit: it is compressed) and the CRC-32C of those bytes 4, then the CRC-32C of all that 4; then the frames.
/// </summary>
/// <param name="FrameSize">Bytes of the segment that are a frame; the last has what is left.</param>
/// <param name="Length">Of the segment as it was, in bytes.</param>
/// <param name="NextSequence">Behind its last good block.</param>
/// <param name="KeyId">Empty: it is not encrypted.</param>
/// <param name="Salt">32 random bytes, the file's own.</param>
/// <param name="Segment">The first 64 bytes of the segment.</param>
internal sealed record PackedHeader(int FrameSize, long Length, long NextSequence, Guid KeyId, byte[] Salt, byte[] Segment)
{
    public const int Size = 160, SaltSize = 32;

    /// <summary>Longer ones are none of ours.</summary>
    public const int LargestFrame = 4 << 20;

    private const int Version = 1;

    private static ReadOnlySpan<byte> Mark => [0xF7, (byte)'H', (byte)'F', (byte)'P', (byte)'A', (byte)'C', 0x0D, 0x0A];

    public int Frames => (int)((Length + FrameSize - 1) / FrameSize);

    /// <summary>In the file, with the CRC behind it.</summary>
    public int TableSize => (Frames * PackedFrame.EntrySize) + 4;

    public bool IsEncrypted => KeyId != Guid.Empty;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), FrameSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), NextSequence);
        KeyId.TryWriteBytes(bytes.AsSpan(40));
        Salt.CopyTo(bytes, 56);
        Segment.CopyTo(bytes, 96);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Check(bytes));
        return bytes;
    }

    /// <summary>Null: it is none, or is damaged, or of a version that is not known here.</summary>
    public static PackedHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Mark) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Check(bytes)) return null;
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) != Version) return null;
        var header = new PackedHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            new(bytes[40..56]), bytes[56..88].ToArray(), bytes[96..Size].ToArray());
        return header is { FrameSize: > 0 and <= LargestFrame, Length: >= FileHeader.Size, NextSequence: > 0 } && header.Length / header.FrameSize < 1 << 24 ? header : null;
    }

    /// <summary>Null: it is not packed.</summary>
    public static PackedHeader? Of(ISegmentFile file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return Parse(bytes[..file.Read(0, bytes)]);
    }

    private static uint Check(ReadOnlySpan<byte> bytes) => Crc32C.Finish(Crc32C.Add(Crc32C.Add(Crc32C.Start, bytes[..12]), bytes[16..Size]));
}
