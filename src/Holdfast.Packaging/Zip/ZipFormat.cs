using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Packaging.Zip;

/// <summary>
/// The part of the zip format that a package uses. Every field that could differ between tools or machines has one value here, so
/// there is exactly one way to write given entries, and a reader can compare bytes instead of interpreting them.
/// </summary>
internal static class ZipFormat
{
    public const uint LocalSignature = 0x04034B50;
    public const uint CentralSignature = 0x02014B50;
    public const uint EndSignature = 0x06054B50;
    public const int LocalLength = 30;
    public const int CentralLength = 46;
    public const int EndLength = 22;

    /// <summary>Of an entry's name: <c>blobs/sha256/</c> and 64 digits.</summary>
    public const int MaxNameLength = 77;

    /// <summary>Unix, version 2.0: so that plain tools honour the mode below.</summary>
    private const ushort MadeBy = 0x0314;
    private const ushort NeededVersion = 10;
    private const ushort Date1980 = 0x0021;

    /// <summary>A regular file, rw-r--r--, in the upper half.</summary>
    private const uint Attributes = 0x81A4_0000;

    public static byte[] LocalHeader(ZipEntry entry)
    {
        var name = Encoding.ASCII.GetBytes(entry.Name);
        var header = new byte[LocalLength + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, LocalSignature);
        WriteCommon(header.AsSpan(4), entry, name);
        name.CopyTo(header, LocalLength);
        return header;
    }

    public static byte[] CentralHeader(ZipEntry entry)
    {
        var name = Encoding.ASCII.GetBytes(entry.Name);
        var header = new byte[CentralLength + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, CentralSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), MadeBy);
        WriteCommon(header.AsSpan(6), entry, name);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(38), Attributes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), (uint)entry.HeaderOffset);
        name.CopyTo(header, CentralLength);
        return header;
    }

    public static byte[] End(int entries, long directoryOffset, long directoryLength)
    {
        var end = new byte[EndLength];
        BinaryPrimitives.WriteUInt32LittleEndian(end, EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)entries);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)entries);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)directoryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)directoryOffset);
        return end;
    }

    /// <summary>The 26 bytes that local and central headers share: version needed … extra field length.</summary>
    private static void WriteCommon(Span<byte> to, ZipEntry entry, byte[] name)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, NeededVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], Date1980);
        BinaryPrimitives.WriteUInt32LittleEndian(to[10..], entry.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(to[14..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(to[18..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(to[22..], (ushort)name.Length);
    }
}

/// <summary>One stored entry.</summary>
/// <param name="Name">ASCII.</param>
/// <param name="Size">In bytes, as it is stored: nothing is compressed.</param>
/// <param name="Crc">Of the content.</param>
/// <param name="HeaderOffset">Where its local header begins in the file.</param>
internal sealed record ZipEntry(string Name, long Size, uint Crc, long HeaderOffset)
{
    public long DataOffset => HeaderOffset + ZipFormat.LocalLength + Name.Length;

    public long End => DataOffset + Size;
}
