using Confluent.Kafka;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Sinks.Kafka;

/// <summary>Where a Kafka is, and how one signs in.</summary>
/// <param name="Brokers">HOST:PORT of some of its brokers; the others are learned from them.</param>
public sealed record KafkaAccess(IReadOnlyList<string> Brokers)
{
    public bool Tls { get; init; }

    /// <summary>A file of certificates in PEM; null: the machine's own roots.</summary>
    public string? Authorities { get; init; }

    /// <summary>PLAIN, SCRAM-SHA-256, SCRAM-SHA-512; null: it does not sign in.</summary>
    public string? Mechanism { get; init; }

    public string User { get; init; } = "";

    /// <summary>Read when a connection is made.</summary>
    public Func<Outcome<string>> Password { get; init; } = () => "";

    /// <summary>Into the client library's own words.</summary>
    internal void Apply(ClientConfig config, string password)
    {
        config.BootstrapServers = string.Join(',', Brokers);
        config.ClientId = "holdfast";
        config.SocketKeepaliveEnable = true;
        config.SecurityProtocol = (Tls, Mechanism) switch
        {
            (true, null) => SecurityProtocol.Ssl,
            (true, _) => SecurityProtocol.SaslSsl,
            (false, null) => SecurityProtocol.Plaintext,
            _ => SecurityProtocol.SaslPlaintext,
        };
        if (Authorities is not null) config.SslCaLocation = Authorities;
        if (Mechanism is null) return;
        config.SaslMechanism = Mechanism switch { "SCRAM-SHA-256" => SaslMechanism.ScramSha256, "SCRAM-SHA-512" => SaslMechanism.ScramSha512, _ => SaslMechanism.Plain };
        config.SaslUsername = User;
        config.SaslPassword = password;
    }
}
