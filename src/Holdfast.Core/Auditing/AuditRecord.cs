namespace Holdfast.Core.Auditing;

/// <summary>What is to be recorded of one step of a change: everything but what the log adds (when, where, its place in the chain).</summary>
public sealed record AuditRecord
{
    /// <summary>Who: the account at the other end of the socket, or <c>holdfast</c> for what the agent does by itself.</summary>
    public required string Actor { get; init; }

    /// <summary>What: deploy, rollback, restart, …; one of <see cref="AuditAction"/> for the log's own.</summary>
    public required string Action { get; init; }

    /// <summary>On what: a service, a package.</summary>
    public required string Target { get; init; }

    public required AuditOutcome Outcome { get; init; }

    /// <summary>Ties the entries of one operation together.</summary>
    public required string Operation { get; init; }

    /// <summary>What else matters: release, digest, reason. Never a secret: see <see cref="AuditDetails"/>.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>What the log records of itself. Append only.</summary>
public static class AuditAction
{
    public const string Opened = "audit.opened";
    public const string Closed = "audit.closed";

    /// <summary>A write that a crash had torn was cut off; the details say how much.</summary>
    public const string Recovered = "audit.recovered";

    /// <summary>An old file has left by retention; the details hold where the chain goes on.</summary>
    public const string Retired = "audit.retired";

    /// <summary>Entries were given out with their proofs; the details say which.</summary>
    public const string Exported = "audit.exported";

    /// <summary>Entries are kept beyond their retention until it is released; the target names the hold.</summary>
    public const string Held = "audit.held";

    /// <summary>A hold has ended.</summary>
    public const string Released = "audit.released";

    /// <summary>This node began to cosign another node's log; the details hold the key that was pinned.</summary>
    public const string Witnessing = "audit.witnessing";

    /// <summary>Another node began to cosign this log, or does it under another key; the details hold its key.</summary>
    public const string Witness = "audit.witness";

    /// <summary>A log contradicts what a witness holds of it. The target is the log.</summary>
    public const string Forked = "audit.forked";

    /// <summary>Of <see cref="Opened"/>: under which origin checkpoints are signed from here on.</summary>
    public const string OriginDetail = "origin";

    /// <summary>Of <see cref="Opened"/>: the SHA-256 of the public key that they are signed with.</summary>
    public const string KeyDetail = "publicKeySha256";
}
