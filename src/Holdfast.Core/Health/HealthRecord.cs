namespace Holdfast.Core.Health;

/// <summary>The health of one run of an instance, from its start to its end.</summary>
public sealed record HealthRecord
{
    public static HealthRecord Unknown { get; } = new();

    public ProbeRecord? Startup { get; init; }

    public ProbeRecord? Liveness { get; init; }

    public ProbeRecord? Readiness { get; init; }

    /// <summary>The service said READY=1.</summary>
    public bool Notified { get; init; }

    /// <summary>Was ready once.</summary>
    public bool Ready { get; init; }

    /// <summary>It said that it is stopping: it is not asked for signs of life any more.</summary>
    public bool SaysStopping { get; init; }

    /// <summary>When the next WATCHDOG=1 must have come.</summary>
    public TimeSpan? WatchdogBy { get; init; }

    /// <summary>Ready, and the readiness probe does not say otherwise.</summary>
    public bool Healthy => Ready && Readiness?.Succeeding != false;

    public ProbeRecord? this[ProbeName name] => name switch
    {
        ProbeName.Startup => Startup,
        ProbeName.Liveness => Liveness,
        _ => Readiness,
    };

    public HealthRecord With(ProbeName name, ProbeRecord probe) => name switch
    {
        ProbeName.Startup => this with { Startup = probe },
        ProbeName.Liveness => this with { Liveness = probe },
        _ => this with { Readiness = probe },
    };

    public IReadOnlyList<ProbeStatus> Statuses()
    {
        var statuses = new List<ProbeStatus>(3);
        if (Startup is { } startup) statuses.Add(startup.Status(ProbeName.Startup));
        if (Liveness is { } liveness) statuses.Add(liveness.Status(ProbeName.Liveness));
        if (Readiness is { } readiness) statuses.Add(readiness.Status(ProbeName.Readiness));
        return statuses;
    }
}
