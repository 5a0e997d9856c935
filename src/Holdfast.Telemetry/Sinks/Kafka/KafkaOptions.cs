using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Sinks.Kafka;

/// <summary>Where a Kafka is, and how one signs in.</summary>
/// <param name="Brokers">HOST:PORT of some of its brokers; the others are learned from them.</param>
/// <param name="Topic">One for all events of the sink.</param>
public sealed record KafkaOptions(IReadOnlyList<string> Brokers, string Topic)
{
    public bool Tls { get; init; }

    /// <summary>A file of certificates in PEM; null: the machine's own roots.</summary>
    public string? Authorities { get; init; }

    /// <summary>PLAIN, SCRAM-SHA-256, SCRAM-SHA-512; null: it does not sign in.</summary>
    public string? Mechanism { get; init; }

    public string User { get; init; } = "";

    /// <summary>Read when the sink connects.</summary>
    public Func<Outcome<string>> Password { get; init; } = () => "";

    /// <summary>none, gzip, snappy, lz4, zstd.</summary>
    public string Compression { get; init; } = "lz4";
}
