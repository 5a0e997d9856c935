namespace Holdfast.Core.Health;

/// <summary>What is known of one probe: its streaks decide, its counts are for people and metrics.</summary>
public sealed record ProbeRecord
{
    /// <summary>Null before the first verdict that decided.</summary>
    public bool? Succeeding { get; init; }

    public int FailuresInARow { get; init; }

    public int SuccessesInARow { get; init; }

    /// <summary>When the present row of failures began.</summary>
    public TimeSpan? FailingSince { get; init; }

    /// <summary>When it is to run next; null while it runs or is not asked.</summary>
    public TimeSpan? Due { get; init; }

    public bool Asked { get; init; }

    /// <summary>What it will answer means nothing: the service stood still while it was asked.</summary>
    public bool Void { get; init; }

    public string? Message { get; init; }

    public TimeSpan Latency { get; init; }

    public long Runs { get; init; }

    public long FailedRuns { get; init; }

    public DateTimeOffset? LastRunAt { get; init; }

    /// <summary>For a new process: nothing is known of it, the counts go on.</summary>
    public static ProbeRecord Begun(ProbeRecord? before) => new() { Runs = before?.Runs ?? 0, FailedRuns = before?.FailedRuns ?? 0 };

    public ProbeStatus Status(ProbeName name) =>
        new(NameOf(name), Succeeding, Message, Latency, Runs, FailedRuns, LastRunAt);

    internal static string NameOf(ProbeName name) => name switch
    {
        ProbeName.Startup => "startup",
        ProbeName.Liveness => "liveness",
        _ => "readiness",
    };
}
