using System.Globalization;

namespace Holdfast.Telemetry.Auditing;

/// <summary>One file of the log. Its name holds the number of its first entry, so that names sort as the chain runs, and the day it was begun.</summary>
internal sealed record AuditFile(string Path, long FirstSequence, DateOnly Day)
{
    private const string Extension = ".jsonl";
    private const string DayFormat = "yyyyMMdd";

    public string Name => System.IO.Path.GetFileName(Path);

    public static AuditFile In(string folder, long firstSequence, DateOnly day) => new(
        System.IO.Path.Combine(folder, $"{firstSequence:D12}-{day.ToString(DayFormat, CultureInfo.InvariantCulture)}{Extension}"),
        firstSequence,
        day);

    /// <summary>The files of a folder in the order of the chain. Other files are nobody's business here.</summary>
    public static IReadOnlyList<AuditFile> List(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Select(Parse).OfType<AuditFile>().OrderBy(f => f.FirstSequence)]
        : [];

    /// <param name="name">Of a file that <see cref="List"/> has named.</param>
    public static long FirstSequenceOf(string name) => Parse(name)?.FirstSequence ?? throw new ArgumentException("It is no file of a log.", nameof(name));

    private static AuditFile? Parse(string path)
    {
        var parts = System.IO.Path.GetFileNameWithoutExtension(path).Split('-');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && DateOnly.TryParseExact(parts[1], DayFormat, out var day)
            ? new AuditFile(path, first, day)
            : null;
    }
}
