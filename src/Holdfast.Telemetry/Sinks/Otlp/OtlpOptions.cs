using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>How a receiver of OTLP is spoken to.</summary>
public sealed record OtlpOptions
{
    /// <summary>Lines <c>name: value</c>, read anew for each request, so that a secret can be changed without a restart; empty: there are none.</summary>
    public Func<Outcome<string>> Headers { get; init; } = () => "";

    /// <summary>Requests are compressed.</summary>
    public bool Gzip { get; init; } = true;

    /// <summary>After which there is no answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
