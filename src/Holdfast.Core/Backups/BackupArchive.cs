using System.Text;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Backups;

/// <summary>
/// The form of a backup's file: a tar (ustar) that any tar reads, with every field that could vary fixed, so that there is one way to
/// write given content and each byte of the file is checked. <c>holdfast-backup</c> (the digest of the manifest), <c>manifest.json</c>,
/// then a blob per distinct content, sorted by digest, then two empty blocks.
/// </summary>
public static class BackupArchive
{
    public const int Block = 512;
    public const string MarkEntry = "holdfast-backup";
    public const string ManifestEntry = "manifest.json";
    public const string BlobFolder = "blobs/sha256/";

    /// <summary>Of one entry: what eleven octal digits can say.</summary>
    public const long MaxEntryBytes = (1L << 33) - 1;

    private const string Mode = "0000600\0", Nobody = "0000000\0", Epoch = "00000000000\0";
    private const int SizeOffset = 124, SizeDigits = 11, SumOffset = 148, NameBytes = 100;

    /// <summary>The content of the first entry.</summary>
    public static byte[] Mark(string manifestDigest) => Encoding.ASCII.GetBytes(manifestDigest + "\n");

    /// <summary>The digest (<c>sha256:…</c>) in a first entry's content; null: it is none.</summary>
    public static string? ReadMark(ReadOnlySpan<byte> content)
    {
        var text = Encoding.Latin1.GetString(content);
        return text.EndsWith('\n') && PackageDigest.IsValid(text[..^1]) ? text[..^1] : null;
    }

    public static long Padding(long size) => (Block - size % Block) % Block;

    /// <summary>The block before an entry's content.</summary>
    /// <param name="name">ASCII, at most 100 characters.</param>
    /// <param name="size">In bytes, at most <see cref="MaxEntryBytes"/>.</param>
    public static byte[] Header(string name, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, NameBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxEntryBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var header = new byte[Block];
        Put(header, 0, name);
        Put(header, NameBytes, Mode + Nobody + Nobody);
        Put(header, SizeOffset, Octal(size, SizeDigits) + "\0" + Epoch);
        Put(header, SumOffset, "        ");
        Put(header, 156, "0");
        Put(header, 257, "ustar\0" + "00");
        Put(header, 329, Nobody + Nobody);
        Put(header, SumOffset, Octal(header.Sum(b => (long)b), 6) + "\0 ");
        return header;
    }

    /// <summary>Name and size in a header; null: it is not one that <see cref="Header"/> writes.</summary>
    public static (string Name, long Size)? ReadHeader(ReadOnlySpan<byte> header)
    {
        if (header.Length != Block) return null;
        var end = header[..NameBytes].IndexOf((byte)0);
        var name = Encoding.Latin1.GetString(header[..(end < 0 ? NameBytes : end)]);
        long size = 0;
        foreach (var digit in header.Slice(SizeOffset, SizeDigits))
        {
            if (digit is < (byte)'0' or > (byte)'7') return null;
            size = size * 8 + (digit - '0');
        }

        return name.Length > 0 && name.All(char.IsAscii) && header.SequenceEqual(Header(name, size)) ? (name, size) : null;
    }

    /// <summary>Why an entry cannot stand where it stands; null: it can.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="before">The name of the entry before it.</param>
    public static Problem? Judge(int index, string name, string before)
    {
        var expected = index switch { 0 => MarkEntry, 1 => ManifestEntry, _ => null };
        if (expected is not null)
        {
            if (name == expected) return null;
            return index == 0 ? BackupProblems.NoBackup($"it begins with {name}") : BackupProblems.Damaged(name, $"{expected} is expected there");
        }

        if (!name.StartsWith(BlobFolder, StringComparison.Ordinal) || !PackageDigest.IsHex(name.AsSpan(BlobFolder.Length)))
            return BackupProblems.Damaged(name, "no entry of a backup has such a name");
        return index > 2 && string.CompareOrdinal(before, name) >= 0 ? BackupProblems.Damaged(name, "it is there twice, or not in its place") : null;
    }

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Put(byte[] header, int offset, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(offset));
}
