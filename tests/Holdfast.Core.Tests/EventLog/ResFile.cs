using System.Buffers.Binary;

namespace Holdfast.Core.Tests.EventLog;

/// <summary>
/// A .res file, as a resource compiler leaves it for the linker: entries with a header each, everything at multiples of four bytes.
/// Microsoft documents the form as RESOURCEHEADER ("Resource File Formats").
/// </summary>
internal sealed class ResFile
{
    public const ushort MessageTable = 11;
    public const ushort Version = 16;

    private const ushort IsNumber = 0xffff;
    private const ushort Moveable = 0x10;
    private const ushort Pure = 0x20;

    /// <summary>English (United States): what FormatMessage and Event Viewer fall back to under every other language.</summary>
    private const ushort Language = 0x409;

    private readonly MemoryStream content = new();

    /// <summary>The empty entry in front says that it is a file for 32 bits or more.</summary>
    public ResFile() => Add(0, 0, [], 0, 0);

    public byte[] Bytes => content.ToArray();

    public void Add(ushort type, ushort name, byte[] data) => Add(type, name, data, Moveable | Pure, Language);

    private void Add(ushort type, ushort name, byte[] data, ushort memory, ushort language)
    {
        Number(data.Length);
        Number(32);
        Word(IsNumber);
        Word(type);
        Word(IsNumber);
        Word(name);
        Number(0);
        Word(memory);
        Word(language);
        Number(0);
        Number(0);
        content.Write(data);
        while (content.Length % 4 != 0) content.WriteByte(0);
    }

    private void Word(ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        content.Write(bytes);
    }

    private void Number(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        content.Write(bytes);
    }
}
