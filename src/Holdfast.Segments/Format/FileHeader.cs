using System.Buffers.Binary;

namespace Holdfast.Segments;

/// <summary>
/// The 64 bytes at the start of a segment (little-endian): mark 8, version 4, CRC-32C of the rest 4, id of the set of segments 16,
/// first sequence 8, created in Unix nanoseconds 8, zero 16.
/// </summary>
/// <param name="SetId">The same in all segments that one numbering goes through; another one means that the folder was begun anew.</param>
internal readonly record struct FileHeader(int Version, Guid SetId, long FirstSequence, long CreatedUnixNanoseconds)
{
    public const int Size = 64;

    /// <summary>What every version of ours reads.</summary>
    public const int FirstVersion = 1;

    /// <summary>Its blocks may say where their lines are from. Who knows only the first version leaves such a segment alone.</summary>
    public const int WithOrigins = 2;

    public const int CurrentVersion = WithOrigins;

    private static ReadOnlySpan<byte> Mark => [0xF7, (byte)'H', (byte)'F', (byte)'S', (byte)'E', (byte)'G', 0x0D, 0x0A];

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Version);
        SetId.TryWriteBytes(bytes[16..32]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], FirstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], CreatedUnixNanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Check(bytes));
    }

    /// <summary>False if the bytes are too few, not ours, or damaged. A newer version is still read: it says that it is newer.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FileHeader header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith(Mark)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Check(bytes)) return false;
        header = new(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            new Guid(bytes[16..32]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]));
        return true;
    }

    private static uint Check(ReadOnlySpan<byte> bytes) =>
        Crc32C.Finish(Crc32C.Add(Crc32C.Add(Crc32C.Start, bytes[..12]), bytes[16..Size]));
}
