using System.Buffers.Binary;
using System.Text;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Zip;

/// <summary>
/// Reads the archive's directory and believes nothing of it: the entries must lie one behind the other from the first byte to the
/// directory, each local header must be the one that the directory implies, byte for byte, and the directory must end the file.
/// </summary>
internal static class StoredZipReader
{
    public const string BlobFolder = "blobs/sha256/";

    /// <summary>The entries by name, or the first thing that is wrong: after that nothing else has a meaning.</summary>
    public static Outcome<IReadOnlyDictionary<string, ZipEntry>> Read(PackageBytes bytes, PackageLimits limits)
    {
        if (bytes.Length > limits.MaxPackageBytes) return ZipProblems.TooLarge(bytes.Length, limits.MaxPackageBytes);
        var end = new byte[ZipFormat.EndLength];
        if (bytes.Length < end.Length || !bytes.Read(bytes.Length - end.Length, end)) return ZipProblems.NotAPackage();
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != ZipFormat.EndSignature) return ZipProblems.NotAPackage();
        var count = BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(10));
        long length = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12));
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        if (count > limits.MaxEntries) return ZipProblems.TooManyEntries(count, limits.MaxEntries);
        if (BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(20)) != 0) return ZipProblems.Comment();
        if (!end.AsSpan().SequenceEqual(ZipFormat.End(count, offset, length))) return ZipProblems.Directory("it spans several disks, or counts its entries in two ways");
        if (offset + length + ZipFormat.EndLength != bytes.Length) return ZipProblems.Directory("it does not reach from the last entry to the end of the file");
        if (length > (long)count * (ZipFormat.CentralLength + ZipFormat.MaxNameLength)) return ZipProblems.Directory("it is larger than its entries can make it");
        var directory = new byte[length];
        return bytes.Read(offset, directory) ? ReadEntries(bytes, directory, count, offset) : ZipProblems.Shrunk();
    }

    private static Outcome<IReadOnlyDictionary<string, ZipEntry>> ReadEntries(PackageBytes bytes, byte[] directory, int count, long directoryOffset)
    {
        Dictionary<string, ZipEntry> entries = new(count, StringComparer.Ordinal);
        var rest = directory.AsSpan();
        var previous = new ZipEntry("", 0, 0, -ZipFormat.LocalLength);
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < ZipFormat.CentralLength) return ZipProblems.Directory("it ends in the middle of an entry");
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[28..]);
            if (rest.Length < ZipFormat.CentralLength + nameLength) return ZipProblems.Directory("it ends in the middle of an entry");
            var header = rest[..(ZipFormat.CentralLength + nameLength)];
            rest = rest[header.Length..];
            var entry = new ZipEntry(
                Encoding.Latin1.GetString(header[ZipFormat.CentralLength..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[42..]));
            if (Judge(header, entry, previous, directoryOffset) is { } problem) return problem;
            if (JudgeLocal(bytes, entry) is { } local) return local;
            entries.Add(entry.Name, entry);
            previous = entry;
        }

        if (!rest.IsEmpty) return ZipProblems.Directory("it holds more than its entries");
        return previous.End == directoryOffset ? entries : ZipProblems.Directory("something lies between the last entry and it");
    }

    private static Problem? Judge(ReadOnlySpan<byte> header, ZipEntry entry, ZipEntry previous, long directoryOffset)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != ZipFormat.CentralSignature) return ZipProblems.Directory("an entry does not begin as one");
        if (!IsExpected(entry.Name)) return ZipProblems.Name(entry.Name);
        if (string.CompareOrdinal(entry.Name, previous.Name) <= 0) return ZipProblems.Order(entry.Name, previous.Name);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != 0) return ZipProblems.Compressed(entry.Name);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[20..]) != entry.Size) return ZipProblems.SizeLies(entry.Name);
        if (!header.SequenceEqual(ZipFormat.CentralHeader(entry))) return ZipProblems.Field(entry.Name);
        if (entry.HeaderOffset != previous.End) return previous.Name.Length == 0 ? ZipProblems.Prefix() : ZipProblems.Overlap(entry.Name);
        return entry.End > directoryOffset ? ZipProblems.Overlap(entry.Name) : null;
    }

    private static Problem? JudgeLocal(PackageBytes bytes, ZipEntry entry)
    {
        var expected = ZipFormat.LocalHeader(entry);
        var actual = new byte[expected.Length];
        if (!bytes.Read(entry.HeaderOffset, actual)) return ZipProblems.Shrunk();
        if (actual.AsSpan().SequenceEqual(expected)) return null;
        if (!actual.AsSpan(14, 12).SequenceEqual(expected.AsSpan(14, 12))) return ZipProblems.SizeLies(entry.Name);
        return actual.AsSpan(6, 4).SequenceEqual(expected.AsSpan(6, 4)) ? ZipProblems.Field(entry.Name) : ZipProblems.Compressed(entry.Name);
    }

    private static bool IsExpected(string name) => name is "oci-layout" or "index.json"
        || (name.StartsWith(BlobFolder, StringComparison.Ordinal) && PackageDigest.IsHex(name.AsSpan(BlobFolder.Length)));
}
