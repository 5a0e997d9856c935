using System.Text.Json;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Backups;

/// <summary>Between a <see cref="BackupManifest"/> and its bytes. There is one way to write a manifest: one that says the same in other bytes is none.</summary>
public static class BackupManifests
{
    /// <summary>The form that is written. A version reads its own form and the one before it (there is none before 1).</summary>
    public const int Format = 1;

    /// <summary>Of the document, in bytes: some 200 a file.</summary>
    public const int MaxBytes = 256 << 20;

    private const int OldestFormat = 1;

    public static byte[] Write(BackupManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest);

    /// <summary>The manifest, or what is wrong: <c>backup.version</c>, <c>backup.damaged</c>, <c>backup.path</c>.</summary>
    /// <param name="bytes">The document, whose digest was found right.</param>
    public static Outcome<BackupManifest> Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (JsonSerializer.Deserialize(bytes, BackupJson.Default.BackupForm) is not { } form) return Wrong("it is empty");
            if (form.Format is < OldestFormat or > Format) return BackupProblems.Version(form.Format, form.Product);
            var manifest = JsonSerializer.Deserialize(bytes, BackupJson.Default.BackupManifest)!;
            if (HasGaps(manifest)) return Wrong("members are missing");
            return Write(manifest).AsSpan().SequenceEqual(bytes) ? Check(manifest) : Wrong("it is not written as a backup writes it");
        }
        catch (JsonException exception)
        {
            return Wrong(exception.Message);
        }
    }

    private static bool HasGaps(BackupManifest manifest) =>
        manifest.Product is null || manifest.Node is null || manifest.CreatedBy is null || manifest.Operation is null || manifest.Store?.ClusterId is null
        || manifest.Audit?.Hash is null || manifest.Missing is null || manifest.Files is null
        || manifest.Missing.Any(digest => !PackageDigest.IsValid(digest))
        || manifest.Files.Any(file => file is null || file.Path is null || file.Sha256 is null || file.Mode is null);

    private static Outcome<BackupManifest> Check(BackupManifest manifest)
    {
        var problems = new List<Problem>();
        BackupFile? before = null;
        foreach (var file in manifest.Files)
        {
            if (BackupPaths.WhyBad(file.Path) is { } why) problems.Add(BackupProblems.Path(file.Path, why));
            else if (!PackageDigest.IsHex(file.Sha256) || file.Size < 0 || !IsMode(file.Mode)) problems.Add(BackupProblems.Path(file.Path, "its digest, size or mode is none"));
            else if (before is not null && string.CompareOrdinal(before.Path, file.Path) >= 0) problems.Add(BackupProblems.Path(file.Path, $"it stands after {before.Path}: files are sorted, and each is there once"));
            before = file;
        }

        problems.AddRange(Overlaid(manifest.Files).Select(path => BackupProblems.Path(path, "it is a file and a folder at once")));
        problems.AddRange(BackupPaths.Needed.Where(path => manifest.Files.All(file => file.Path != path)).Select(path => BackupProblems.Path(path, "it is missing")));
        return problems.Count == 0 ? manifest : problems;
    }

    /// <summary>Names differ in case on purpose there, so only exact ones count.</summary>
    private static IEnumerable<string> Overlaid(IReadOnlyList<BackupFile> files)
    {
        var folders = files.SelectMany(file => Above(file.Path)).ToHashSet(StringComparer.Ordinal);
        return files.Select(file => file.Path).Where(folders.Contains);
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) yield return path[..slash];
    }

    private static bool IsMode(string mode) => mode.Length == 4 && mode[0] == '0' && mode.All(digit => digit is >= '0' and <= '7');

    private static Problem Wrong(string why) => BackupProblems.Damaged("manifest.json", why);
}
