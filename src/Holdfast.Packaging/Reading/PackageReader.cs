using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Signing;

namespace Holdfast.Packaging.Reading;

/// <summary>Looks into a package without trusting it.</summary>
public static class PackageReader
{
    /// <summary>Checks the structure and reads what describes the package; files are neither read nor digested.</summary>
    public static Outcome<PackageInfo> Inspect(string file)
    {
        try
        {
            var opened = OpenPackage.Open(file);
            if (!opened.TryGet(out var package)) return Outcome.Failed<PackageInfo>(opened.Problems);
            using (package) return Describe(package);
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read {file}");
        }
    }

    private static PackageInfo Describe(OpenPackage package)
    {
        var layout = package.Layout;
        return new()
        {
            Digest = layout.Digest,
            Archive = PackageDigest.Of(layout.Index.Write()),
            Name = layout.Manifest.Name,
            Version = layout.Manifest.Version,
            PackageBytes = package.PackageBytes,
            Files = layout.Manifest.Files,
            Manifest = layout.ManifestBytes,
            Spec = layout.Spec,
            Signatures = [.. layout.Signatures.Select(s => SignatureReader.Describe(s, layout.ManifestBytes))],
            Attachments = [.. layout.Attachments.Select(a => a.ArtifactType)],
        };
    }
}
