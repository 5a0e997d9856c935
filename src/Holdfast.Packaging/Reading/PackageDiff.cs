using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

public static class PackageDiff
{
    /// <summary>Compares two package files; neither needs to be signed.</summary>
    public static Outcome<PackageDifference> Compare(string oldFile, string newFile)
    {
        var before = PackageReader.Inspect(oldFile);
        var after = PackageReader.Inspect(newFile);
        if (!before.IsOk || !after.IsOk) return Outcome.Failed<PackageDifference>([.. before.Problems, .. after.Problems]);
        return new PackageDifference
        {
            Old = before.Value,
            New = after.Value,
            Files = Compare(before.Value.Files, after.Value.Files),
            SpecLines = LineDiff.Compare(Lines(before.Value), Lines(after.Value)),
        };
    }

    private static List<FileDifference> Compare(IReadOnlyList<PackageFile> before, IReadOnlyList<PackageFile> after)
    {
        var old = before.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var now = after.ToDictionary(f => f.Path, StringComparer.Ordinal);
        return [.. old.Keys.Union(now.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(path => Compare(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))
            .OfType<FileDifference>()];
    }

    private static FileDifference? Compare(string path, PackageFile? old, PackageFile? now)
    {
        if (old is null) return new(path, FileChange.Added, null, now);
        if (now is null) return new(path, FileChange.Removed, old, null);
        if (old.Digest != now.Digest) return new(path, FileChange.Content, old, now);
        return old == now ? null : new(path, FileChange.Rights, old, now);
    }

    private static string[] Lines(PackageInfo package) => Encoding.UTF8.GetString(package.Spec.Span).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
