using Holdfast.Core.Auditing;

namespace Holdfast.Telemetry.Auditing;

/// <summary>How one node keeps its audit log.</summary>
public sealed record AuditOptions
{
    /// <summary>The name of the node, in every entry.</summary>
    public required string Node { get; init; }

    /// <summary>Takes secrets out of a text before it is written: the node's redaction rules.</summary>
    public required Func<string, string> Redact { get; init; }

    /// <summary>Makes the entries of a folder durable (created and deleted files); the platform's own way.</summary>
    public required Action<string> SyncFolder { get; init; }

    /// <summary>How right the clock is, for each entry (<see cref="AuditDetails.Clock"/>); null: entries do not say it.</summary>
    public Func<string>? Clock { get; init; }

    /// <summary>Signs checkpoints. Null: the tree is kept, and nothing is signed.</summary>
    public AuditSigner? Signer { get; init; }

    /// <summary>
    /// What is opened is a copy that goes on by itself (a restored log): its checkpoints get another origin, since the log that it is a copy of
    /// may have signed later ones that this one will not agree with.
    /// </summary>
    public bool IsCopy { get; init; }

    /// <summary>A checkpoint is signed after so many entries at the latest.</summary>
    public int CheckpointEntries { get; init; } = 256;

    /// <summary>A checkpoint is signed when an entry has waited for one so long.</summary>
    public TimeSpan CheckpointAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Entries are kept this long at least; not below <see cref="AuditRetirement.Shortest"/>.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>A file is begun anew when it has this many bytes, and with each UTC day. Opening reads the last file, so its size is start time.</summary>
    public long FileBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Without what is secret in it.</summary>
    internal AuditRecord Redacted(AuditRecord record)
    {
        var details = new Dictionary<string, string>(record.Details.Count);
        foreach (var (key, value) in record.Details)
            details.Add(key, Redact(value));
        return record with { Target = Redact(record.Target), Details = details };
    }

    /// <summary>With how right the clock is now.</summary>
    /// <param name="record">Any.</param>
    /// <param name="clock">What <see cref="Clock"/> says; null: entries do not say it.</param>
    internal static AuditRecord Timed(AuditRecord record, string? clock) =>
        clock is null ? record : record with { Details = new Dictionary<string, string>(record.Details) { [AuditDetails.Clock] = clock } };
}
