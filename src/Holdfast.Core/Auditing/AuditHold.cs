namespace Holdfast.Core.Auditing;

/// <summary>A legal hold: while there is one, no entry leaves the log, however old. The entries that set and release it are all that there is of it.</summary>
/// <param name="Name">Chosen by who set it.</param>
/// <param name="Actor">Who set it.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="Sequence">Of the entry that set it.</param>
public sealed record AuditHold(string Name, string Actor, DateTimeOffset At, string Reason, long Sequence)
{
    private const int LongestName = 64;

    /// <summary>Letters, digits, dots and dashes: a case number.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
    }

    public static AuditRecord Set(string name, string actor, string reason, string operation) => Record(AuditAction.Held, name, actor, reason, operation);

    public static AuditRecord Release(string name, string actor, string reason, string operation) => Record(AuditAction.Released, name, actor, reason, operation);

    /// <summary>The holds that are in force after these entries, in the order in which they were set.</summary>
    public static IReadOnlyList<AuditHold> After(IEnumerable<AuditEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var holds = new List<AuditHold>();
        // An attempt that was refused is an entry as well.
        foreach (var entry in entries.Where(entry => entry.Outcome == AuditOutcome.Done))
        {
            if (entry.Action == AuditAction.Released)
                holds.RemoveAll(hold => hold.Name == entry.Target);
            else if (entry.Action == AuditAction.Held && holds.All(hold => hold.Name != entry.Target))
                holds.Add(new(entry.Target, entry.Actor, entry.At, entry.Details.GetValueOrDefault("reason", ""), entry.Sequence));
        }

        return holds;
    }

    private static AuditRecord Record(string action, string name, string actor, string reason, string operation) => new()
    {
        Actor = actor,
        Action = action,
        Target = name,
        Outcome = AuditOutcome.Done,
        Operation = operation,
        Details = new Dictionary<string, string> { ["reason"] = reason },
    };
}
