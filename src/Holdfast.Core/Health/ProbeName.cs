namespace Holdfast.Core.Health;

public enum ProbeName
{
    Startup,
    Liveness,
    Readiness,
}

/// <summary>What one run of a probe found.</summary>
/// <param name="Message">Why it failed, in words; null when it succeeded.</param>
public sealed record ProbeVerdict(bool Succeeded, string? Message, TimeSpan Latency);
