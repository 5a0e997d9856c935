using System.Text.Json;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Packaging.Layout;

/// <summary>Between a <see cref="PackageManifest"/> and its canonical bytes.</summary>
internal static class ManifestFormat
{
    private const string What = "the manifest";

    public static byte[] Write(PackageManifest manifest)
    {
        CanonicalJson json = new();
        json.Object(() =>
        {
            json.Key("annotations").Object(() => json.Member(MediaTypes.VersionKey, manifest.Version).Member(MediaTypes.NameKey, manifest.Name));
            json.Member("artifactType", MediaTypes.Package);
            json.Key("config");
            manifest.Spec.Write(json);
            json.Key("layers").Array(() =>
            {
                foreach (var file in manifest.Files) Describe(file).Write(json);
            });
            json.Member("mediaType", MediaTypes.Manifest).Member("schemaVersion", 2);
        });
        return json.ToUtf8();
    }

    /// <summary>The manifest, or every problem: one that is not in canonical form or has unknown fields is none.</summary>
    public static Outcome<PackageManifest> Read(ReadOnlyMemory<byte> bytes, PackageLimits limits) =>
        StrictJson.Read(bytes, What, (ref Utf8JsonReader r) => ReadManifest(ref r, limits), Write)
            .Then(manifest => ManifestRules.Check(manifest) is { Count: > 0 } problems ? Outcome.Failed<PackageManifest>(problems) : manifest);

    private static PackageManifest ReadManifest(ref Utf8JsonReader reader, PackageLimits limits)
    {
        IReadOnlyDictionary<string, string>? annotations = null;
        Descriptor? spec = null;
        List<PackageFile> files = [];
        string? artifactType = null, mediaType = null;
        long schema = 0;
        StrictJson.Object(ref reader, What, (ref Utf8JsonReader r, string name) =>
        {
            switch (name)
            {
                case "annotations": annotations = StrictJson.Strings(ref r, "its annotations"); break;
                case "artifactType": artifactType = StrictJson.String(ref r, "its artifactType"); break;
                case "config": spec = Descriptor.Read(ref r, "the manifest's config", limits.MaxSpecBytes); break;
                case "layers": StrictJson.Array(ref r, "the manifest's layers", limits.MaxFiles, (ref Utf8JsonReader item, int i) => files.Add(ReadFile(ref item, i, limits))); break;
                case "mediaType": mediaType = StrictJson.String(ref r, "its mediaType"); break;
                case "schemaVersion": schema = StrictJson.Number(ref r, "its schemaVersion"); break;
                default: throw StrictJson.Unknown(What, name);
            }
        });
        if (artifactType != MediaTypes.Package || mediaType != MediaTypes.Manifest || schema != 2 || spec?.MediaType != MediaTypes.Spec)
            throw new LayoutException("package.version", "the manifest is not that of a package that this version reads");
        if (spec.Annotations.Count > 0 || spec.ArtifactType is not null) throw StrictJson.Unknown("the manifest's config", "annotations or artifactType");
        Known(What, annotations, MediaTypes.NameKey, MediaTypes.VersionKey);
        return new(annotations![MediaTypes.NameKey], annotations[MediaTypes.VersionKey], spec, files);
    }

    private static PackageFile ReadFile(ref Utf8JsonReader reader, int index, PackageLimits limits)
    {
        var where = $"layer {index} of the manifest";
        var layer = Descriptor.Read(ref reader, where, limits.MaxPackageBytes);
        if (layer.MediaType != MediaTypes.File) throw new LayoutException("package.version", $"{where} is of the type '{layer.MediaType}', which this version does not know");
        if (layer.ArtifactType is not null) throw StrictJson.Unknown(where, "artifactType");
        Known(where, layer.Annotations, MediaTypes.TitleKey, MediaTypes.AccessKey, MediaTypes.ModeKey);
        if (WordOf(layer.Annotations[MediaTypes.AccessKey]) is not { } access)
            throw new LayoutException("package.access", $"{where} has the access class '{layer.Annotations[MediaTypes.AccessKey]}', which this version does not know");
        return new(layer.Annotations[MediaTypes.TitleKey], layer.Digest, layer.Size, layer.Annotations[MediaTypes.ModeKey], access);
    }

    private static Descriptor Describe(PackageFile file) => new(MediaTypes.File, file.Digest, file.Size, null, new Dictionary<string, string>
    {
        [MediaTypes.TitleKey] = file.Path,
        [MediaTypes.ModeKey] = file.Mode,
        [MediaTypes.AccessKey] = WordOf(file.Access),
    });

    /// <summary>Exactly these annotations: one more could mean something, one fewer leaves something open.</summary>
    private static void Known(string where, IReadOnlyDictionary<string, string>? annotations, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (annotations?.ContainsKey(key) != true) throw new LayoutException("package.layout", $"{where} has no annotation {key}");
        }

        foreach (var key in annotations!.Keys)
        {
            if (!keys.Contains(key)) throw StrictJson.Unknown(where, key);
        }
    }

    private static string WordOf(AccessClass access) => access switch
    {
        AccessClass.Code => "code",
        AccessClass.Config => "config",
        AccessClass.Data => "data",
        AccessClass.Secret => "secret",
        _ => throw new ArgumentOutOfRangeException(nameof(access)),
    };

    private static AccessClass? WordOf(string word) => word switch
    {
        "code" => AccessClass.Code,
        "config" => AccessClass.Config,
        "data" => AccessClass.Data,
        "secret" => AccessClass.Secret,
        _ => null,
    };
}
