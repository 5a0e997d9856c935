using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Building;

/// <summary>
/// A package that was unpacked, as the archive that it came in: byte for byte, but for attached documents that are no signatures, which a node does not keep. There is one way
/// to write it, so two nodes that have the same signatures give the same bytes, and one can go on where the other was cut.
/// </summary>
public sealed class PackageArchive
{
    private readonly IReadOnlyCollection<ZipContent> contents;

    private PackageArchive(string id, IReadOnlyCollection<ZipContent> contents)
    {
        Id = id;
        this.contents = contents;
        using var whole = Open(0);
        Length = whole.Length;
    }

    /// <summary><c>sha256:…</c> of its index, which names every blob: archives with the same one are the same bytes.</summary>
    public string Id { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    /// <param name="description">As it lies beside the files.</param>
    /// <param name="pathOf">Path in the package → the file with its content. It is not read before somebody reads the archive that far.</param>
    public static Outcome<PackageArchive> Of(UnpackedDescription description, Func<string, string> pathOf)
    {
        ArgumentNullException.ThrowIfNull(description);
        return ManifestFormat.Read(description.Manifest, PackageLimits.Default).Then<PackageArchive>(manifest =>
        {
            Dictionary<string, ZipContent> contents = new(StringComparer.Ordinal);
            var pointer = Add(contents, MediaTypes.Manifest, description.Manifest);
            Add(contents, MediaTypes.Spec, description.Spec);
            foreach (var file in manifest.Files)
            {
                var name = StoredZipReader.BlobFolder + PackageDigest.HexOf(file.Digest);
                contents.TryAdd(name, new(name, file.Size, () => File.OpenRead(pathOf(file.Path))));
            }

            PackageIndex index = new(pointer with { ArtifactType = MediaTypes.Package }, [.. description.Signatures.Select(signature => AddSignature(contents, signature, pointer)).DistinctBy(one => one.Digest)]);
            var written = index.Write();
            contents[MediaTypes.LayoutEntry] = ZipContent.Of(MediaTypes.LayoutEntry, MediaTypes.LayoutContent.ToArray());
            contents[MediaTypes.IndexEntry] = ZipContent.Of(MediaTypes.IndexEntry, written);
            return new PackageArchive(PackageDigest.Of(written), contents.Values);
        });
    }

    /// <summary>The archive's bytes from one place on; read forward, by one reader.</summary>
    public Stream Open(long from) => new StoredZipStream(contents, from);

    private static Descriptor AddSignature(Dictionary<string, ZipContent> contents, ReadOnlyMemory<byte> signature, Descriptor package)
    {
        Referrer referrer = new(MediaTypes.CmsSignature, [Add(contents, MediaTypes.CmsSignature, signature)], package);
        Add(contents, MediaTypes.Empty, MediaTypes.EmptyContent.ToArray());
        return Add(contents, MediaTypes.Manifest, referrer.Write()) with { ArtifactType = MediaTypes.CmsSignature };
    }

    private static Descriptor Add(Dictionary<string, ZipContent> contents, string mediaType, ReadOnlyMemory<byte> content)
    {
        var blob = Descriptor.Of(mediaType, content.Span);
        contents.TryAdd(blob.EntryName, ZipContent.Of(blob.EntryName, content));
        return blob;
    }
}
