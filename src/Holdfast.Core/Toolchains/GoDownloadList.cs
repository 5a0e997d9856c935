using System.Text.Json;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>An archive of a list.</summary>
/// <param name="FileName">Beside the list; a name without folders.</param>
/// <param name="Digest"><c>sha256:…</c> of the archive.</param>
/// <param name="Size">Of the archive, in bytes.</param>
public sealed record GoArchive(GoVersion Version, string FileName, string Digest, long Size);

/// <summary>The list that Go's own download page gives with <c>?mode=json</c>: versions, and the files of each.</summary>
public sealed class GoDownloadList
{
    /// <summary>In bytes; Go's own with all versions is a tenth of it.</summary>
    public const int MostBytes = 32 << 20;

    private const string ArchiveKind = "archive";

    private readonly List<Entry> entries;

    private GoDownloadList(List<Entry> entries) => this.entries = entries;

    /// <param name="text">JSON.</param>
    /// <param name="name">The list's name or address, for messages.</param>
    /// <returns>Or <c>toolchain.list</c>: it is no such list. What single entries lack matters only when they are chosen.</returns>
    public static Outcome<GoDownloadList> Read(ReadOnlyMemory<byte> text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            List<Entry> entries = [];
            foreach (var release in document.RootElement.EnumerateArray())
            {
                // A mirror may hold what this version cannot name; it is not what somebody asks for.
                if (!GoVersion.TryParse(Text(release, "version"), out var version) || !release.TryGetProperty("files", out var files)) continue;
                entries.AddRange(files.EnumerateArray().Select(file => new Entry(version, Text(file, "os"), Text(file, "arch"), Text(file, "kind"), Text(file, "filename"), Text(file, "sha256"), Size(file))));
            }

            return new GoDownloadList(entries);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            return new Problem(ProblemKind.BadInput, "toolchain.list", $"{name} is no list of Go's downloads")
            {
                Why = "it is not the JSON of https://go.dev/dl/?mode=json",
                Mend = "name a folder that is laid out as Go's download page",
            };
        }
    }

    /// <summary>The archive of this version for a machine; of a line the newest release.</summary>
    /// <param name="wanted">A version or a line.</param>
    /// <param name="os">As Go names it: <c>linux</c>, <c>windows</c>.</param>
    /// <param name="arch">As Go names it: <c>amd64</c>, <c>arm64</c>.</param>
    /// <returns>Or <c>toolchain.not-offered</c>, or all that is wrong with the entry (<c>toolchain.list-entry</c>).</returns>
    public Outcome<GoArchive> Choose(GoVersion wanted, string os, string arch)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var here = entries.Where(entry => entry.Os == os && entry.Arch == arch && entry.Kind == ArchiveKind).ToList();
        return here.Where(entry => wanted.Admits(entry.Version)).MaxBy(entry => entry.Version) is { } found ? Checked(found) : NotOffered(wanted, $"{os}/{arch}", here);
    }

    private static Problem NotOffered(GoVersion wanted, string platform, List<Entry> here)
    {
        var near = here.Select(entry => entry.Version).Where(wanted.IsSameLine).Distinct().OrderDescending().Take(5).ToList();
        return new(ProblemKind.NotFound, "toolchain.not-offered", $"the list has no archive of Go {wanted} for {platform}")
        {
            Mend = near.Count > 0 ? $"it has {string.Join(", ", near)}" : here.Count == 0 ? $"it has none for {platform}" : $"the newest that it has is {here.Max(entry => entry.Version)}",
        };
    }

    private static Outcome<GoArchive> Checked(Entry entry)
    {
        List<Problem> problems = [];
        if (entry.FileName.Contains('/', StringComparison.Ordinal) || PackagePath.WhyBad(entry.FileName) is not null) problems.Add(Bad(entry, $"'{entry.FileName}' is no name of a file"));
        if (!entry.FileName.EndsWith(".tar.gz", StringComparison.Ordinal) && !entry.FileName.EndsWith(".zip", StringComparison.Ordinal)) problems.Add(Bad(entry, $"'{entry.FileName}' is neither .tar.gz nor .zip"));
        if (!PackageDigest.IsHex(entry.Digest)) problems.Add(Bad(entry, $"'{entry.Digest}' is no SHA-256"));
        if (entry.Size is <= 0 or > ToolchainLimits.MostArchiveBytes) problems.Add(Bad(entry, $"{entry.Size} bytes is no size of an archive"));
        return problems.Count > 0 ? problems : new GoArchive(entry.Version, entry.FileName, PackageDigest.Prefix + entry.Digest, entry.Size);
    }

    private static Problem Bad(Entry entry, string what) => new(ProblemKind.BadInput, "toolchain.list-entry", $"in the list, Go {entry.Version} for {entry.Os}/{entry.Arch}: {what}");

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long Size(JsonElement from) => from.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var size) ? size : 0;

    private sealed record Entry(GoVersion Version, string Os, string Arch, string Kind, string FileName, string Digest, long Size);
}
