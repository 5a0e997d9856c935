using System.Buffers.Binary;

namespace Holdfast.Segments;

/// <summary>
/// The 40 bytes before a block's payload (little-endian): mark 4, CRC-32C of all that follows it 4, payload length 4, stream 1, flags 1,
/// bytes of origin 2, first sequence 8, time in Unix nanoseconds 8, number of lines 8.
/// </summary>
/// <remarks>The mark begins with a byte that UTF-8 never contains: no payload can hold it, so finding one again after damage finds a block.</remarks>
internal readonly record struct BlockHeader(int PayloadLength, StreamKind Stream, BlockFlags Flags, long Sequence, long UnixNanoseconds, long Lines, int OriginLength = 0)
{
    public const int Size = 40;

    /// <summary>More is never written, and a length beyond it is damage.</summary>
    public const int MaxPayload = 4 << 20;

    private const int AfterCrc = 8;

    public static ReadOnlySpan<byte> Mark => [0xF7, (byte)'H', (byte)'F', (byte)'B'];

    /// <summary>The sequence after the block's last one.</summary>
    public long NextSequence => Sequence + Lines;

    /// <summary>Bytes on disk, header included.</summary>
    public int BlockLength => Size + PayloadLength;

    /// <summary>Writes the header in front of a payload that already stands in <paramref name="block"/> after <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> block)
    {
        Mark.CopyTo(block);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], PayloadLength);
        block[12] = (byte)Stream;
        block[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(block[14..], (ushort)OriginLength);
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(block[24..], UnixNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(block[32..], Lines);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], Crc32C.Of(block[AfterCrc..BlockLength]));
    }

    /// <summary>Reads a header without judging its payload; false if it cannot be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BlockHeader header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith(Mark)) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (length is < 0 or > MaxPayload) return false;
        header = new(
            length,
            (StreamKind)bytes[12],
            (BlockFlags)bytes[13],
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]));
        return header.OriginLength <= length && header.Sequence > 0 && header.Lines > 0 && header.Sequence <= long.MaxValue - header.Lines;
    }

    /// <summary>Whether the whole block, of which this is the header, is what was written.</summary>
    public bool Matches(ReadOnlySpan<byte> block) =>
        Crc32C.Of(block[AfterCrc..BlockLength]) == BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
}
