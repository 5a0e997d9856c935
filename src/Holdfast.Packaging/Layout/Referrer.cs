using System.Text.Json;
using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Layout;

/// <summary>
/// A document that is attached to a package (a signature; later provenance, SBOM, approvals): a small manifest of its own whose
/// <c>subject</c> is the package's manifest. It is no part of the package's identity.
/// </summary>
/// <param name="ArtifactType">What it is. A type that this version does not know is carried and not believed.</param>
/// <param name="Layers">Its content.</param>
/// <param name="Subject">The package's manifest.</param>
internal sealed record Referrer(string ArtifactType, IReadOnlyList<Descriptor> Layers, Descriptor Subject)
{
    private const int MaxLayers = 8;

    public bool IsSignature => ArtifactType == MediaTypes.CmsSignature;

    public byte[] Write()
    {
        CanonicalJson json = new();
        json.Object(() =>
        {
            json.Member("artifactType", ArtifactType);
            json.Key("config");
            Descriptor.Of(MediaTypes.Empty, MediaTypes.EmptyContent).Write(json);
            json.Key("layers").Array(() =>
            {
                foreach (var layer in Layers) layer.Write(json);
            });
            json.Member("mediaType", MediaTypes.Manifest).Member("schemaVersion", 2);
            json.Key("subject");
            Subject.Write(json);
        });
        return json.ToUtf8();
    }

    public static Outcome<Referrer> Read(ReadOnlyMemory<byte> bytes, PackageLimits limits) =>
        StrictJson.Read(bytes, "an attached document's manifest", (ref Utf8JsonReader r) => ReadReferrer(ref r, limits), referrer => referrer.Write());

    private static Referrer ReadReferrer(ref Utf8JsonReader reader, PackageLimits limits)
    {
        const string What = "an attached document's manifest";
        string? artifactType = null;
        Descriptor? subject = null;
        List<Descriptor> layers = [];
        StrictJson.Object(ref reader, What, (ref Utf8JsonReader r, string name) =>
        {
            switch (name)
            {
                case "artifactType": artifactType = StrictJson.String(ref r, "its artifactType"); break;
                case "config": Descriptor.Read(ref r, "its config", limits.MaxAttachmentBytes); break;
                case "layers": StrictJson.Array(ref r, "its layers", MaxLayers, (ref Utf8JsonReader item, int i) => layers.Add(Descriptor.Read(ref item, $"its layer {i}", limits.MaxAttachmentBytes))); break;
                case "mediaType": StrictJson.String(ref r, "its mediaType"); break;
                case "schemaVersion": StrictJson.Number(ref r, "its schemaVersion"); break;
                case "subject": subject = Descriptor.Read(ref r, "its subject", limits.MaxManifestBytes); break;
                default: throw StrictJson.Unknown(What, name);
            }
        });
        if (artifactType is null || subject is null || layers.Count == 0) throw new LayoutException("package.layout", "an attached document's manifest has no artifactType, subject or layers");
        return new(artifactType, layers, subject);
    }
}
