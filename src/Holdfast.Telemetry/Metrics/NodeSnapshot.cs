using Holdfast.Core.Supervision;

namespace Holdfast.Telemetry.Metrics;

/// <summary>What the agent knows at the moment of a scrape.</summary>
public sealed record NodeSnapshot
{
    /// <summary>All instances of the node; the last known ones where no supervisor answers.</summary>
    public required IReadOnlyList<InstanceStatus> Instances { get; init; }

    /// <summary>The supervisor answered.</summary>
    public required bool SupervisorUp { get; init; }

    /// <summary>Services with a supervisor of their own, and whether that answered.</summary>
    public IReadOnlyDictionary<string, bool> DedicatedSupervisors { get; init; } = new Dictionary<string, bool>();

    public required string Node { get; init; }

    /// <summary>Of the agent.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset AgentStartedAt { get; init; }

    /// <summary>Entries of the audit log; null: not known.</summary>
    public long? AuditEntries { get; init; }

    /// <summary>Where events are delivered.</summary>
    public IReadOnlyList<MeasuredSink> Sinks { get; init; } = [];

    /// <summary>Entries of the audit log that no checkpoint signs yet; null: not known.</summary>
    public long? UnsignedAuditEntries { get; init; }

    /// <summary>The store's revision; null: not known.</summary>
    public long? StoreRevision { get; init; }
}
