namespace Holdfast.Core.Auditing;

/// <summary>
/// Verifies a chain line by line, in one pass. Pure: whoever reads the files feeds the lines in order and asks for the verdict.
/// What it cannot see is a chain that was computed anew from some entry to the end by somebody who also replaced every head
/// that was kept: that is what heads elsewhere are for.
/// </summary>
public sealed class AuditCheck
{
    /// <summary>More would only repeat what the first ones say.</summary>
    public const int MostFindings = 20;

    private readonly List<AuditFinding> findings = [];
    private readonly List<AuditHead> kept;
    private readonly HashSet<AuditHead> retired = [];
    private readonly Dictionary<long, int> missing = [];
    private AuditHead? start;
    private AuditHead head = AuditHead.Origin;
    private long entries;

    /// <summary>Under which origin the last entry that says so signs checkpoints; null: none says it.</summary>
    public string? Origin { get; private set; }

    /// <param name="kept">Heads that were kept elsewhere: the chain must hold every one of them that it has not retired.</param>
    /// <param name="after">What is known to come before the first line; null: the chain itself must account for its beginning.</param>
    public AuditCheck(IEnumerable<AuditHead> kept, AuditHead? after)
    {
        this.kept = [.. kept.Where(h => h.Sequence > 0).OrderBy(h => h.Sequence)];
        if (after is null)
            return;
        start = head = after;
        retired.Add(after);
    }

    /// <summary>The next line, its newline included. The answer is the entry in it, whether it is where it should be or not; null: it is none.</summary>
    /// <param name="place">Where it stands, for the finding: <c>file:line</c>.</param>
    public AuditEntry? Add(ReadOnlySpan<byte> line, string place)
    {
        entries++;
        if (AuditLine.Parse(line, out var why) is not { } entry)
        {
            Find(AuditFault.Edited, head.Sequence + 1, $"{place} is not an entry of the log: {why}.");
            // The next line is taken to follow: its own link says what is wrong with it.
            head = head with { Sequence = head.Sequence + 1, Hash = "" };
            return null;
        }

        if (AuditChain.HashOf(entry) != entry.Hash)
        {
            Find(AuditFault.Edited, entry.Sequence, $"{place}: the content of entry {entry.Sequence} does not have the hash it was written with.");
            Follow(entry, place, trusted: false);
            return entry;
        }

        Follow(entry, place, trusted: true);
        return entry;
    }

    public AuditVerdict Finish()
    {
        if (start is { Sequence: > 0 } && !retired.Contains(start))
            Find(AuditFault.Beheaded, start.Sequence, $"Entries 1 to {start.Sequence} are missing, and no entry says that they were retired.");
        if (kept.LastOrDefault() is { } last && last.Sequence > head.Sequence)
            Find(AuditFault.Truncated, head.Sequence + 1, $"The log ends with entry {head.Sequence}, but entry {last.Sequence} had been written.");
        return new AuditVerdict(entries, head, [.. findings]);
    }

    private void Follow(AuditEntry entry, string place, bool trusted)
    {
        if (start is null)
        {
            // A log whose beginning was retired starts in the middle; an entry further on must vouch for that.
            start = new AuditHead(entry.Sequence - 1, entry.PreviousHash);
            if (start.Sequence > 0)
                head = start;
        }

        var expected = head.Sequence + 1;
        if (entry.Sequence < expected)
        {
            OutOfPlace(entry, place);
            return;
        }

        if (entry.Sequence > expected)
            Gap(expected, entry, place);
        else if (head.Hash.Length > 0 && entry.PreviousHash != head.Hash)
            Find(AuditFault.Replaced, entry.Sequence, $"{place}: entry {entry.Sequence} does not follow from the entry before it.");

        foreach (var known in kept)
        {
            if (known.Sequence == entry.Sequence && known.Hash != entry.Hash)
                Find(AuditFault.Replaced, entry.Sequence, $"{place}: entry {entry.Sequence} is not the one whose hash was kept.");
        }

        if (trusted && entry.Action == AuditAction.Retired && AuditRetirement.Read(entry) is { } gone)
            retired.Add(gone);
        if (trusted && entry.Action == AuditAction.Opened && entry.Details.TryGetValue(AuditAction.OriginDetail, out var origin))
            Origin = origin;
        head = entry.Head;
    }

    private void Gap(long expected, AuditEntry entry, string place)
    {
        var last = entry.Sequence - 1;
        missing[expected] = findings.Count;
        for (var sequence = expected + 1; sequence <= Math.Min(last, expected + MostFindings); sequence++)
            missing[sequence] = findings.Count;
        var names = expected == last ? $"entry {expected} is" : $"entries {expected} to {last} are";
        Find(AuditFault.Removed, expected, $"{place}: {names} missing before entry {entry.Sequence}.");
    }

    private void OutOfPlace(AuditEntry entry, string place)
    {
        // What was taken for a removal is only in another place.
        if (missing.Remove(entry.Sequence, out var index) && index < findings.Count)
        {
            findings[index] = new AuditFinding(AuditFault.Reordered, entry.Sequence, $"{place}: entry {entry.Sequence} stands after entry {head.Sequence}.");
            return;
        }

        Find(AuditFault.Inserted, entry.Sequence, $"{place}: an entry {entry.Sequence} stands after entry {head.Sequence}.");
    }

    private void Find(AuditFault fault, long sequence, string what)
    {
        if (findings.Count < MostFindings)
            findings.Add(new AuditFinding(fault, sequence, what));
    }
}
