using Holdfast.Core.Services;

namespace Holdfast.Core.Health;

/// <summary>
/// Counts verdicts and says what they mean. The startup probe gates the other two; liveness is asked only of what was
/// ready once (before that, the ready deadline watches); readiness moves traffic, never restarts.
/// </summary>
public static class HealthMachine
{
    /// <summary>Before its first success a probe is asked again after so long, doubling up to its interval: a start is not slowed by a long interval.</summary>
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(20);

    private static readonly ProbeName[] All = [ProbeName.Startup, ProbeName.Liveness, ProbeName.Readiness];

    /// <summary>A process has just started.</summary>
    public static HealthRecord Begin(ServiceSpec spec, HealthRecord before, TimeSpan now)
    {
        var health = new HealthRecord();
        foreach (var name in All)
        {
            if (SpecOf(spec, name) is not null) health = health.With(name, ProbeRecord.Begun(before[name]));
        }

        return health.Startup is null ? Open(spec, health, ProbeName.Readiness, now) : Open(spec, health, ProbeName.Startup, now);
    }

    /// <summary>Its process is gone: what was found out about it holds no more.</summary>
    public static HealthRecord End(HealthRecord health)
    {
        var ended = new HealthRecord();
        foreach (var name in All)
        {
            if (health[name] is { } probe) ended = ended.With(name, ProbeRecord.Begun(probe) with { Message = probe.Message, Latency = probe.Latency, LastRunAt = probe.LastRunAt });
        }

        return ended;
    }

    public static ProbeSpec? SpecOf(ServiceSpec spec, ProbeName name) => name switch
    {
        ProbeName.Startup => spec.Health.Startup,
        ProbeName.Liveness => spec.Health.Liveness,
        _ => spec.Health.Readiness,
    };

    /// <summary>The probes that are to run now; they are marked as asked in <paramref name="asked"/>.</summary>
    public static IReadOnlyList<ProbeName> Due(HealthRecord health, TimeSpan now, out HealthRecord asked)
    {
        List<ProbeName>? due = null;
        asked = health;
        foreach (var name in All)
        {
            if (health[name] is not { Due: { } at } probe || at > now) continue;
            (due ??= []).Add(name);
            asked = asked.With(name, probe with { Due = null, Asked = true });
        }

        return due ?? (IReadOnlyList<ProbeName>)[];
    }

    /// <summary>The next moment at which something is due; null: nothing.</summary>
    public static TimeSpan? NextDue(HealthRecord health)
    {
        TimeSpan? next = health.WatchdogBy;
        foreach (var name in All)
        {
            if (health[name]?.Due is { } due && !(next <= due)) next = due;
        }

        return next;
    }

    /// <summary>A probe has answered.</summary>
    public static HealthRecord Judge(ServiceSpec spec, HealthRecord health, ProbeName name, ProbeVerdict verdict, TimeSpan now, DateTimeOffset wall)
    {
        if (SpecOf(spec, name) is not { } rule || health[name] is not { Asked: true } before) return health;
        if (before.Void) return health.With(name, before with { Asked = false, Void = false, Due = now + rule.Interval });
        var probe = Count(before, rule, verdict, now, wall);
        probe = probe with { Asked = false, Due = now + Pause(probe, rule) };
        health = health.With(name, probe);
        if (name == ProbeName.Startup && probe.Succeeding == true)
        {
            // It has done its work: it is not asked again, and the others are.
            health = health with { Startup = probe with { Due = null } };
            health = Open(spec, health, ProbeName.Readiness, now);
        }

        return health;
    }

    /// <summary>Whether the instance is ready, from all that is known now. <see cref="HealthRecord.Ready"/> stays true afterwards.</summary>
    public static bool IsReady(ServiceSpec spec, HealthRecord health)
    {
        if (spec.Ready == ReadyWhen.Started) return true;
        if (spec.Ready == ReadyWhen.Notify && !health.Notified) return false;
        return (health.Startup is null || health.Startup.Succeeding == true)
            && (health.Readiness is null || health.Readiness.Succeeding == true);
    }

    /// <summary>It became ready: liveness and watchdog begin.</summary>
    public static HealthRecord BecomeReady(ServiceSpec spec, HealthRecord health, TimeSpan now)
    {
        health = Open(spec, health, ProbeName.Liveness, now);
        return health with { Ready = true, WatchdogBy = spec.Watchdog is { } watchdog ? now + watchdog : null };
    }

    /// <summary>It is to be paused: it is asked nothing any more, and what it is being asked means nothing.</summary>
    public static HealthRecord StandStill(HealthRecord health)
    {
        foreach (var name in All)
        {
            if (health[name] is { } probe) health = health.With(name, probe with { Due = null, Void = probe.Asked });
        }

        return health with { WatchdogBy = null };
    }

    /// <summary>It goes on after a pause: all have their whole time again.</summary>
    public static HealthRecord GoOn(ServiceSpec spec, HealthRecord health, TimeSpan now)
    {
        foreach (var name in new[] { ProbeName.Liveness, ProbeName.Readiness })
        {
            if (health[name] is { Asked: false } probe && SpecOf(spec, name) is { } rule) health = health.With(name, probe with { Due = now + rule.Interval });
        }

        return health with { WatchdogBy = health.SaysStopping ? null : now + spec.Watchdog };
    }

    /// <summary>Why the instance must be restarted, if a probe says so.</summary>
    public static string? Verdict(HealthRecord health, out ProbeName name)
    {
        name = health.Liveness?.Succeeding == false ? ProbeName.Liveness : ProbeName.Startup;
        if (health[name] is not { Succeeding: false } failed) return null;
        return $"{ProbeRecord.NameOf(name)} probe failed {failed.FailuresInARow} times in a row: {failed.Message}";
    }

    private static HealthRecord Open(ServiceSpec spec, HealthRecord health, ProbeName name, TimeSpan now)
    {
        if (SpecOf(spec, name) is not { } rule || health[name] is not { Asked: false, Due: null } probe) return health;
        return health.With(name, probe with { Due = now + rule.InitialDelay });
    }

    private static ProbeRecord Count(ProbeRecord probe, ProbeSpec rule, ProbeVerdict verdict, TimeSpan now, DateTimeOffset wall)
    {
        probe = probe with { Runs = probe.Runs + 1, Latency = verdict.Latency, LastRunAt = wall };
        if (verdict.Succeeded)
        {
            var successes = probe.SuccessesInARow + 1;
            return probe with
            {
                SuccessesInARow = successes,
                FailuresInARow = 0,
                FailingSince = null,
                Message = null,
                Succeeding = successes >= rule.Successes ? true : probe.Succeeding,
            };
        }

        var failures = probe.FailuresInARow + 1;
        var since = probe.FailingSince ?? now;

        // Eager runs before the first success come faster than the interval: they only count as failed
        // once they have gone on for as long as the configured number of intervals takes.
        var lasted = probe.Succeeding is not null || now - since >= rule.Interval * (rule.Failures - 1);
        return probe with
        {
            FailedRuns = probe.FailedRuns + 1,
            FailuresInARow = failures,
            SuccessesInARow = 0,
            FailingSince = since,
            Message = verdict.Message ?? "failed",
            Succeeding = failures >= rule.Failures && lasted ? false : probe.Succeeding,
        };
    }

    private static TimeSpan Pause(ProbeRecord probe, ProbeSpec rule)
    {
        if (probe.Succeeding is not null || probe.FailuresInARow == 0) return rule.Interval;
        var eager = Eager * Math.Pow(2, Math.Min(probe.FailuresInARow - 1, 20));
        return eager < rule.Interval ? eager : rule.Interval;
    }
}
