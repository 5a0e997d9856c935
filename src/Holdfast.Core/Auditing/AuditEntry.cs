namespace Holdfast.Core.Auditing;

/// <summary>One line of the log, linked to the one before by its hash.</summary>
public sealed record AuditEntry
{
    /// <summary>From 1, without gaps, over all files of a log.</summary>
    public required long Sequence { get; init; }

    /// <summary>UTC, as the node's clock said; the order of entries is their sequence, not this.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Node { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required string Target { get; init; }

    public required AuditOutcome Outcome { get; init; }

    public required string Operation { get; init; }

    public required IReadOnlyDictionary<string, string> Details { get; init; }

    /// <summary>The <see cref="Hash"/> of the entry before; of the first one, <see cref="AuditHead.Origin"/>'s.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 of the previous hash and this entry's canonical text, 64 hexadecimal digits in lower case.</summary>
    public required string Hash { get; init; }

    /// <summary>The end of the chain when this is the last entry.</summary>
    public AuditHead Head => new(Sequence, Hash);
}
