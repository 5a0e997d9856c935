using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Packaging.Tests.Kit;

/// <summary>One entry of an archive in which every field can lie. Written from the zip specification, not with the product's writer.</summary>
public sealed record RawEntry(byte[] Name, byte[] Content)
{
    public RawEntry(string name, byte[] content)
        : this(Encoding.UTF8.GetBytes(name), content)
    {
    }

    public byte[]? LocalName { get; init; }

    public ushort Method { get; init; }

    public ushort Flags { get; init; }

    public ushort Time { get; init; }

    public uint? Crc { get; init; }

    public uint? CentralSize { get; init; }

    public uint? CentralCompressedSize { get; init; }

    public uint? LocalSize { get; init; }

    public byte[] CentralExtra { get; init; } = [];

    public byte[] LocalExtra { get; init; } = [];

    public byte[] Comment { get; init; } = [];

    public uint Attributes { get; init; } = 0x81A4_0000;

    /// <summary>Where the directory says that it begins; null: where it does.</summary>
    public uint? Offset { get; init; }

    public string NameText => Encoding.UTF8.GetString(Name);
}

/// <summary>An archive, byte by byte.</summary>
public sealed record RawZip(IReadOnlyList<RawEntry> Entries)
{
    public byte[] Prefix { get; init; } = [];

    public byte[] BeforeDirectory { get; init; } = [];

    public byte[] Trailer { get; init; } = [];

    public byte[] EndComment { get; init; } = [];

    public ushort? Count { get; init; }

    public static RawZip Read(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        return new([.. zip.Entries.Select(e =>
        {
            using MemoryStream content = new();
            using var stream = e.Open();
            stream.CopyTo(content);
            return new RawEntry(e.FullName, content.ToArray());
        })]);
    }

    public RawZip With(Func<RawEntry, bool> which, Func<RawEntry, RawEntry> change) => this with { Entries = [.. Entries.Select(e => which(e) ? change(e) : e)] };

    public RawZip Sorted() => this with { Entries = [.. Entries.OrderBy(e => e.NameText, StringComparer.Ordinal)] };

    /// <summary>Rewrites a JSON blob, giving it its new name, and everything that points to it its new digest, up to index.json.</summary>
    public RawZip Rewrite(string blob, string content)
    {
        var entry = Entries.Single(e => e.NameText == "blobs/sha256/" + blob);
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var size = entry.Content.Length;
        return (this with
        {
            Entries = [.. Entries.Select(e => e == entry ? new RawEntry("blobs/sha256/" + digest, bytes)
                : e.NameText == "index.json" ? new RawEntry("index.json", Encoding.UTF8.GetBytes(Pointing(e)))
                : e)],
        }).Sorted();

        string Pointing(RawEntry index)
        {
            var text = Encoding.UTF8.GetString(index.Content).Replace(blob, digest, StringComparison.Ordinal);
            var at = text.IndexOf(digest, StringComparison.Ordinal);
            return text[..at] + text[at..].Replace($"\"size\":{size}", $"\"size\":{bytes.Length}", StringComparison.Ordinal);
        }
    }

    public byte[] Write()
    {
        MemoryStream output = new();
        output.Write(Prefix);
        List<long> offsets = [];
        foreach (var entry in Entries)
        {
            offsets.Add(output.Position);
            WriteLocal(output, entry);
        }

        output.Write(BeforeDirectory);
        var start = output.Position;
        foreach (var (entry, offset) in Entries.Zip(offsets)) WriteCentral(output, entry, entry.Offset ?? (uint)offset);
        Span<byte> end = stackalloc byte[22];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], Count ?? (ushort)Entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], Count ?? (ushort)Entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)(output.Position - start));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)start);
        BinaryPrimitives.WriteUInt16LittleEndian(end[20..], (ushort)EndComment.Length);
        output.Write(end);
        output.Write(EndComment);
        output.Write(Trailer);
        return output.ToArray();
    }

    private static void WriteLocal(MemoryStream output, RawEntry entry)
    {
        var name = entry.LocalName ?? entry.Name;
        var header = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034B50);
        Common(header.AsSpan(4), entry, name, entry.LocalSize ?? (uint)entry.Content.Length, entry.LocalSize ?? (uint)entry.Content.Length, entry.LocalExtra);
        output.Write(header);
        output.Write(name);
        output.Write(entry.LocalExtra);
        output.Write(entry.Content);
    }

    private static void WriteCentral(MemoryStream output, RawEntry entry, uint offset)
    {
        var header = new byte[46];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014B50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 0x0314);
        Common(header.AsSpan(6), entry, entry.Name, entry.CentralCompressedSize ?? entry.CentralSize ?? (uint)entry.Content.Length, entry.CentralSize ?? (uint)entry.Content.Length, entry.CentralExtra);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), (ushort)entry.Comment.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(38), entry.Attributes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), offset);
        output.Write(header);
        output.Write(entry.Name);
        output.Write(entry.CentralExtra);
        output.Write(entry.Comment);
    }

    private static void Common(Span<byte> to, RawEntry entry, byte[] name, uint compressed, uint size, byte[] extra)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, 10);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], entry.Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], entry.Method);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], entry.Time);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], 0x21);
        BinaryPrimitives.WriteUInt32LittleEndian(to[10..], entry.Crc ?? Crc(entry.Content));
        BinaryPrimitives.WriteUInt32LittleEndian(to[14..], compressed);
        BinaryPrimitives.WriteUInt32LittleEndian(to[18..], size);
        BinaryPrimitives.WriteUInt16LittleEndian(to[22..], (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(to[24..], (ushort)extra.Length);
    }

    /// <summary>Bit by bit, as the specification defines it.</summary>
    public static uint Crc(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
