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

    /// <summary>Entries are kept this long at least; not below <see cref="AuditRetirement.Shortest"/>.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>A file is begun anew when it has this many bytes, and with each UTC day. Opening reads the last file, so its size is start time.</summary>
    public long FileBytes { get; init; } = 4 * 1024 * 1024;
}
