using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Reading;

/// <summary>Reads the small blobs that describe a package into memory, each checked against what points to it.</summary>
internal sealed class BlobReader(PackageBytes bytes, IReadOnlyDictionary<string, ZipEntry> entries)
{
    public IEnumerable<string> EntryNames => entries.Keys;

    /// <summary>An entry that nothing points to: <c>oci-layout</c> and <c>index.json</c>.</summary>
    public Outcome<byte[]> ReadNamed(string name, int limit)
    {
        if (!entries.TryGetValue(name, out var entry)) return Missing(name);
        if (entry.Size > limit) return TooLarge(name, entry.Size, limit);
        var content = new byte[entry.Size];
        if (!bytes.Read(entry.DataOffset, content)) return ZipProblems.Shrunk();
        return Crc32.Of(content) == entry.Crc ? content : BlobCheck.Mismatch(name);
    }

    /// <param name="blob">What points to it.</param>
    /// <param name="what">What to call it.</param>
    /// <param name="limit">In bytes.</param>
    public Outcome<byte[]> Read(Descriptor blob, string what, int limit)
    {
        if (Find(blob, what) is { } problem) return problem;
        var size = entries[blob.EntryName].Size;
        if (size > limit) return TooLarge(what, size, limit);
        var content = new byte[size];
        if (!bytes.Read(entries[blob.EntryName].DataOffset, content)) return ZipProblems.Shrunk();
        return PackageDigest.Of(content) == blob.Digest ? content : BlobCheck.Mismatch(what);
    }

    /// <summary>Null when the blob is there and has the size that is stated.</summary>
    public Problem? Find(Descriptor blob, string what)
    {
        if (!entries.TryGetValue(blob.EntryName, out var entry)) return Missing(what);
        return entry.Size == blob.Size ? null : new(ProblemKind.Refused, "package.size-lies", $"{ZipProblems.Shown(what)} has {entry.Size} bytes, where {blob.Size} are stated");
    }

    private static Problem Missing(string what) => new(ProblemKind.Refused, "package.missing-blob", $"{ZipProblems.Shown(what)} is missing from the package")
    {
        Mend = "copy the package again from where it was built and signed",
    };

    private static Problem TooLarge(string what, long size, int limit) =>
        new(ProblemKind.Refused, "package.too-large", $"{ZipProblems.Shown(what)} has {size} bytes; {limit} are allowed");
}
