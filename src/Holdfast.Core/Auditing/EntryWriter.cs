namespace Holdfast.Core.Auditing;

/// <summary>
/// Writes entries as the lines that they are in a log, one behind the other, into a buffer that is used again: what an entry costs here is what every change of the node pays, and those who wait
/// together pay it one after the other. Not for several threads.
/// </summary>
public sealed class EntryWriter
{
    private readonly CanonicalText text = new();
    private readonly List<int> ends = [];

    /// <summary>All lines, each ended by a newline; valid until another is added.</summary>
    public ReadOnlyMemory<byte> Written => text.Written;

    public int Lines => ends.Count;

    /// <summary>One of them, without its newline.</summary>
    public ReadOnlySpan<byte> Line(int index) => text.Written.Span[(index == 0 ? 0 : ends[index - 1])..(ends[index] - 1)];

    public void Clear()
    {
        text.Clear();
        ends.Clear();
    }

    /// <summary>Adds the line of the entry that comes after <paramref name="head"/>.</summary>
    public AuditEntry Add(AuditHead head, AuditRecord record, string node, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(record);
        var entry = new AuditEntry
        {
            Sequence = head.Sequence + 1,
            At = at.ToUniversalTime(),
            Node = AuditDetails.Clean(node),
            Actor = AuditDetails.Clean(record.Actor),
            Action = AuditDetails.Clean(record.Action),
            Target = AuditDetails.Clean(record.Target),
            Outcome = record.Outcome,
            Operation = AuditDetails.Clean(record.Operation),
            Details = AuditDetails.Clean(record.Details),
            PreviousHash = head.Hash,
            Hash = "",
        };
        var begin = text.Length;
        AuditLine.Body(text, entry);
        // What is hashed is the line without what follows.
        var hash = AuditChain.Hash(entry.PreviousHash, text.Written.Span[begin..]);
        AuditLine.End(text, entry.PreviousHash, hash);
        ends.Add(text.Length);
        return entry with { Hash = hash };
    }
}
