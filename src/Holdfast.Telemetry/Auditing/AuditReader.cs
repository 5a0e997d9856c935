using Holdfast.Core.Auditing;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Which entries to read.</summary>
public sealed record AuditQuery
{
    /// <summary>Only the last so many of those that match; negative: all.</summary>
    public int Tail { get; init; } = -1;

    /// <summary>Only those whose target or detail <c>service</c> is this; null: all. What another service's record names as its target is that one's word.</summary>
    public string? Service { get; init; }

    /// <summary>Only those of one operation; null: all.</summary>
    public string? Operation { get; init; }

    /// <summary>Without what services have recorded of their own business.</summary>
    public bool HouseOnly { get; init; }

    /// <summary>Only those after this one.</summary>
    public long AfterSequence { get; init; }

    public bool Matches(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Sequence > AfterSequence
            && (Operation is null || entry.Operation == Operation)
            && (!HouseOnly || !BusinessRecord.Is(entry))
            && (Service is null || (entry.Target == Service && !BusinessRecord.Is(entry)) || (entry.Details.TryGetValue("service", out var service) && service == Service));
    }
}

/// <summary>Reads a log that may be appended to at the same time. Lines that are no entries are left out here: the verifier names them.</summary>
public static class AuditReader
{
    /// <summary>The matching entries, oldest first.</summary>
    public static IEnumerable<AuditEntry> Read(string folder, AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Tail < 0)
            return AuditFile.List(folder).SelectMany(Entries).Where(query.Matches);

        var found = new List<AuditEntry>();
        foreach (var file in AuditFile.List(folder).Reverse())
        {
            if (found.Count >= query.Tail)
                break;
            found.InsertRange(0, Entries(file).Where(query.Matches).TakeLast(query.Tail - found.Count));
        }

        return found;
    }

    internal static AuditEntry? Last(AuditFile file) => Entries(file).LastOrDefault();

    internal static IEnumerable<AuditEntry> Entries(AuditFile file)
    {
        foreach (var line in AuditLines.Read(file.Path))
        {
            if (line.Complete && AuditLine.Parse(line.Content.Span, out _) is { } entry)
                yield return entry;
        }
    }
}
