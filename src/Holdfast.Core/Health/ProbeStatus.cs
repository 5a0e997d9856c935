namespace Holdfast.Core.Health;

public enum HealthState
{
    /// <summary>Not running, or nothing is known yet.</summary>
    Unknown,

    /// <summary>Started, not ready yet.</summary>
    Starting,

    Healthy,

    Unhealthy,
}

/// <summary>What one probe last said.</summary>
/// <param name="Name">startup, liveness, readiness.</param>
/// <param name="Succeeding">Null before the first verdict.</param>
/// <param name="Message">The last failure in words, or null.</param>
/// <param name="Latency">Of the last run.</param>
public sealed record ProbeStatus(string Name, bool? Succeeding, string? Message, TimeSpan Latency, long Runs, long FailedRuns, DateTimeOffset? LastRunAt);
