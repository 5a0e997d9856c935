namespace Holdfast.Core.Auditing;

/// <summary>The entry that says that an old file has left the log, and where the chain goes on after it.</summary>
public static class AuditRetirement
{
    /// <summary>Less is refused: nobody's retention is shorter than 180 days.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromDays(180);

    /// <param name="last">The last entry of the file.</param>
    public static AuditRecord Of(string file, AuditHead last, long firstSequence, DateTimeOffset lastAt, string operation)
    {
        ArgumentNullException.ThrowIfNull(last);
        return new AuditRecord
        {
            Actor = "holdfast",
            Action = AuditAction.Retired,
            Target = file,
            Outcome = AuditOutcome.Intended,
            Operation = operation,
            Details = new Dictionary<string, string>
            {
                ["firstSequence"] = firstSequence.ToString(),
                ["lastSequence"] = last.Sequence.ToString(),
                ["lastHash"] = last.Hash,
                ["lastAt"] = lastAt.ToUniversalTime().ToString("O"),
            },
        };
    }

    /// <summary>Where the chain goes on, or null where the entry does not say it.</summary>
    public static AuditHead? Read(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Details.TryGetValue("lastSequence", out var sequence) && long.TryParse(sequence, out var number)
            && entry.Details.TryGetValue("lastHash", out var hash)
            ? new AuditHead(number, hash)
            : null;
    }
}
