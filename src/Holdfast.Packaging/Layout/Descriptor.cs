using System.Text.Json;
using Holdfast.Core.Packages;

namespace Holdfast.Packaging.Layout;

/// <summary>What points to a blob.</summary>
/// <param name="MediaType">What the blob is.</param>
/// <param name="Digest"><c>sha256:…</c></param>
/// <param name="Size">In bytes.</param>
/// <param name="ArtifactType">Of a manifest in the index; else null.</param>
/// <param name="Annotations">Sorted by key; empty: none.</param>
internal sealed record Descriptor(string MediaType, string Digest, long Size, string? ArtifactType, IReadOnlyDictionary<string, string> Annotations)
{
    public Descriptor(string mediaType, string digest, long size)
        : this(mediaType, digest, size, null, new Dictionary<string, string>())
    {
    }

    public static Descriptor Of(string mediaType, ReadOnlySpan<byte> content) => new(mediaType, PackageDigest.Of(content), content.Length);

    /// <summary>The entry that holds the blob.</summary>
    public string EntryName => Zip.StoredZipReader.BlobFolder + PackageDigest.HexOf(Digest);

    public void Write(CanonicalJson json) => json.Object(() =>
    {
        if (Annotations.Count > 0) json.Key("annotations").Object(() => WriteAnnotations(json, Annotations));
        if (ArtifactType is not null) json.Member("artifactType", ArtifactType);
        json.Member("digest", Digest).Member("mediaType", MediaType).Member("size", Size);
    });

    public static void WriteAnnotations(CanonicalJson json, IReadOnlyDictionary<string, string> annotations)
    {
        foreach (var (key, value) in annotations.OrderBy(a => a.Key, StringComparer.Ordinal)) json.Member(key, value);
    }

    public static Descriptor Read(ref Utf8JsonReader reader, string where, long maxSize)
    {
        string? mediaType = null, digest = null, artifactType = null;
        long? size = null;
        IReadOnlyDictionary<string, string>? annotations = null;
        StrictJson.Object(ref reader, where, (ref Utf8JsonReader r, string name) =>
        {
            switch (name)
            {
                case "mediaType": mediaType = StrictJson.String(ref r, where + ".mediaType"); break;
                case "digest": digest = StrictJson.String(ref r, where + ".digest"); break;
                case "size": size = StrictJson.Number(ref r, where + ".size"); break;
                case "artifactType": artifactType = StrictJson.String(ref r, where + ".artifactType"); break;
                case "annotations": annotations = StrictJson.Strings(ref r, where + ".annotations"); break;
                default: throw StrictJson.Unknown(where, name);
            }
        });
        if (!PackageDigest.IsValid(digest)) throw new LayoutException("package.digest-form", $"{where} has no SHA-256 digest");
        if (size is not { } bytes || bytes < 0 || bytes > maxSize) throw new LayoutException("package.size-lies", $"{where} has no size, or one beyond {maxSize} bytes");
        if (mediaType is null) throw new LayoutException("package.layout", $"{where} has no mediaType");
        return new(mediaType, digest!, bytes, artifactType, annotations ?? new Dictionary<string, string>());
    }
}
