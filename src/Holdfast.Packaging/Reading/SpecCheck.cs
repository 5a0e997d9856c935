using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>The spec in a package must be one, and of the service that the manifest names.</summary>
internal static class SpecCheck
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IReadOnlyList<Problem> Problems(PackageLayout layout) => Problems(layout.Manifest, layout.Spec);

    public static IReadOnlyList<Problem> Problems(PackageManifest manifest, ReadOnlyMemory<byte> content)
    {
        string text;
        try
        {
            text = Strict.GetString(content.Span);
        }
        catch (DecoderFallbackException)
        {
            return [new(ProblemKind.Refused, "package.spec", "the package's holdfast.yaml is not UTF-8")];
        }

        var read = SpecFile.Read(text, "holdfast.yaml");
        if (!read.TryGet(out var spec)) return [.. read.Problems.Select(p => p with { Kind = ProblemKind.Refused })];
        if (spec.Name == manifest.Name && spec.Version == manifest.Version) return [];
        return [new(ProblemKind.Refused, "package.spec-mismatch", $"the manifest says {manifest.Name} {manifest.Version}, the spec in the package {spec.Name} {spec.Version}") { Mend = "pack the service again" }];
    }
}
