namespace Holdfast.Telemetry.Sinks.Kafka;

/// <summary>Where events go in a Kafka.</summary>
/// <param name="Access">Where it is, and how one signs in.</param>
/// <param name="Topic">One for all events of the sink.</param>
public sealed record KafkaOptions(KafkaAccess Access, string Topic)
{
    /// <summary>none, gzip, snappy, lz4, zstd.</summary>
    public string Compression { get; init; } = "lz4";
}
