using Holdfast.Telemetry.Sinks.Kafka;

namespace Holdfast.Telemetry.Sources.Kafka;

/// <summary>What is read from a Kafka.</summary>
/// <param name="Access">Where it is.</param>
/// <param name="Topics">One or more.</param>
/// <param name="Group">Whose place in the topics it is; relays of one group share the partitions.</param>
public sealed record KafkaSourceOptions(KafkaAccess Access, IReadOnlyList<string> Topics, string Group)
{
    /// <summary>What ids of messages without one begin with: a name for this Kafka. Its own id cannot be had from the client.</summary>
    public string Cluster { get; init; } = "kafka";

    /// <summary>Where the group has no place yet: with what comes; false: with the oldest that is there.</summary>
    public bool FromNow { get; init; }
}
