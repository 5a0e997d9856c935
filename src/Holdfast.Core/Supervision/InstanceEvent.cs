namespace Holdfast.Core.Supervision;

/// <summary>
/// Something that happened to an instance. The supervisor writes each one to its journal (a segment) before anybody
/// is told; the agent reads the journal from its own cursor and so misses none, however long it was away.
/// </summary>
public sealed record InstanceEvent
{
    /// <summary>Strictly increasing per journal, without gaps.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Instance { get; init; }

    public required string Service { get; init; }

    public required int Release { get; init; }

    /// <summary>One of <see cref="EventKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }

    public int? Pid { get; init; }

    public ExitInfo? Exit { get; init; }
}

/// <summary>The kinds of instance events. Append only.</summary>
public static class EventKind
{
    public const string Applied = "applied";
    public const string Waiting = "waiting";
    public const string Starting = "starting";
    public const string Started = "started";
    public const string Ready = "ready";
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
    public const string Exited = "exited";
    public const string RestartScheduled = "restart-scheduled";
    public const string StartRefused = "start-refused";
    public const string StartFailed = "start-failed";
    public const string Failed = "failed";
    public const string Completed = "completed";
    public const string Stopping = "stopping";
    public const string Killed = "killed";
    public const string Stopped = "stopped";
    public const string Removed = "removed";
    public const string HookFailed = "hook-failed";
    public const string WatchdogMissed = "watchdog-missed";
    public const string Reloaded = "reloaded";
    public const string Signalled = "signalled";
    public const string OutputTrouble = "output-trouble";
    public const string OutputRecovered = "output-recovered";
    public const string NotifyRefused = "notify-refused";
    public const string Paused = "paused";
    public const string PauseFailed = "pause-failed";
    public const string Continued = "continued";
    public const string Fenced = "fenced";
    public const string Promoted = "promoted";
    public const string PromotionFailed = "promotion-failed";
}
