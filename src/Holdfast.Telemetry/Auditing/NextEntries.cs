using Holdfast.Core.Auditing;

namespace Holdfast.Telemetry.Auditing;

/// <summary>Entries that come next in a log, as they are to stand in its file.</summary>
/// <param name="Lines">Of each, its newline included: parts of <paramref name="Text"/>.</param>
/// <param name="Text">All lines.</param>
internal sealed record NextEntries(IReadOnlyList<AuditEntry> Entries, IReadOnlyList<ReadOnlyMemory<byte>> Lines, ReadOnlyMemory<byte> Text)
{
    public AuditHead Head => Entries[^1].Head;

    /// <param name="head">What they come after.</param>
    /// <param name="records">At least one.</param>
    /// <param name="node">Whose log it is.</param>
    /// <param name="at">When they are written.</param>
    public static NextEntries Of(AuditHead head, IEnumerable<AuditRecord> records, string node, DateTimeOffset at)
    {
        List<AuditEntry> entries = [];
        List<byte[]> lines = [];
        foreach (var record in records)
        {
            var entry = AuditChain.Next(head, record, node, at);
            entries.Add(entry);
            lines.Add(AuditLine.Format(entry));
            head = entry.Head;
        }

        ReadOnlyMemory<byte> text = lines is [var single] ? single : lines.SelectMany(line => line).ToArray();
        var begin = 0;
        return new(entries, [.. lines.Select(line => text[begin..(begin += line.Length)])], text);
    }
}
