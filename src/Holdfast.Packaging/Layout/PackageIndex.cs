using System.Text.Json;
using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Layout;

/// <summary><c>index.json</c>: the package's manifest first, then what is attached to it, by digest.</summary>
internal sealed record PackageIndex(Descriptor Manifest, IReadOnlyList<Descriptor> Referrers)
{
    private const string What = "index.json";

    public byte[] Write()
    {
        CanonicalJson json = new();
        json.Object(() =>
        {
            json.Key("manifests").Array(() =>
            {
                Manifest.Write(json);
                foreach (var referrer in Referrers.OrderBy(r => r.Digest, StringComparer.Ordinal)) referrer.Write(json);
            });
            json.Member("mediaType", MediaTypes.Index).Member("schemaVersion", 2);
        });
        return json.ToUtf8();
    }

    public static Outcome<PackageIndex> Read(ReadOnlyMemory<byte> bytes, PackageLimits limits) =>
        StrictJson.Read(bytes, What, (ref Utf8JsonReader r) => ReadIndex(ref r, limits), index => index.Write());

    private static PackageIndex ReadIndex(ref Utf8JsonReader reader, PackageLimits limits)
    {
        List<Descriptor> manifests = [];
        StrictJson.Object(ref reader, What, (ref Utf8JsonReader r, string name) =>
        {
            switch (name)
            {
                case "manifests":
                    StrictJson.Array(ref r, "the list of manifests", limits.MaxReferrers + 1,
                        (ref Utf8JsonReader item, int i) => manifests.Add(Descriptor.Read(ref item, $"manifest {i} of index.json", limits.MaxManifestBytes)));
                    break;
                case "mediaType": StrictJson.String(ref r, "its mediaType"); break;
                case "schemaVersion": StrictJson.Number(ref r, "its schemaVersion"); break;
                default: throw StrictJson.Unknown(What, name);
            }
        });
        if (manifests.Count == 0 || manifests[0].ArtifactType != MediaTypes.Package || manifests.Skip(1).Any(m => m.ArtifactType is null or MediaTypes.Package))
            throw new LayoutException("package.layout", "index.json does not name one package and what is attached to it");
        foreach (var manifest in manifests)
        {
            if (manifest.MediaType != MediaTypes.Manifest) throw new LayoutException("package.layout", "index.json names something that is no manifest");
            if (manifest.Annotations.Count > 0) throw StrictJson.Unknown("a manifest of index.json", "annotations");
        }

        if (manifests.Select(m => m.Digest).Distinct().Count() != manifests.Count) throw new LayoutException("package.layout", "index.json names a manifest twice");
        return new(manifests[0], manifests[1..]);
    }
}
