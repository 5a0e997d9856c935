using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.NativeServices;

/// <summary>What the machine must know of a service, and nothing more.</summary>
public sealed record NativeServicePlan
{
    /// <summary>Null: the service cannot pause, so PAUSE and CONTINUE are not accepted.</summary>
    public PauseWay? Pause { get; init; }

    /// <summary>How long a pause, or its end, may take.</summary>
    public TimeSpan PauseWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether PARAMCHANGE means something to it.</summary>
    public bool CanReload { get; init; }

    /// <summary>The longest that an orderly stop can take: hooks, drain, kill and proof (<see cref="StopBudget"/>).</summary>
    public required TimeSpan StopWithin { get; init; }

    /// <summary>What the SCM grants at PRESHUTDOWN. Null: it is not set there, so only SHUTDOWN is accepted.</summary>
    public TimeSpan? PreshutdownWithin { get; init; }

    /// <summary>What the system grants at SHUTDOWN.</summary>
    public TimeSpan ShutdownWithin { get; init; } = NativeServiceLimits.ShutdownWithin;

    /// <param name="spec">Of a native service.</param>
    /// <param name="preshutdown">Whether the SCM has taken the preshutdown time-out: without it, PRESHUTDOWN would be cut off at a time that nobody knows.</param>
    public static NativeServicePlan Of(ServiceSpec spec, bool preshutdown)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var pause = spec.Windows?.Pause;
        return new()
        {
            Pause = pause switch
            {
                null => null,
                { Hooks: not null } => PauseWay.Hooks,
                { Http: not null } => PauseWay.Http,
                _ => PauseWay.Suspend,
            },
            PauseWithin = pause is null ? TimeSpan.Zero : PauseWithinOf(pause),
            CanReload = spec.Reload is not null,
            StopWithin = StopBudget.Of(spec).Instance,
            PreshutdownWithin = preshutdown ? NativeServiceConfig.Preshutdown(spec) : null,
        };
    }

    /// <summary>The instance's own limits come first, and say why; this one is for a supervisor that does not answer.</summary>
    private static TimeSpan PauseWithinOf(PauseSpec pause)
    {
        var (make, end) = (PauseLimits.Of(pause, PauseAct.Pause), PauseLimits.Of(pause, PauseAct.Continue));
        return (make > end ? make : end) + NativeServiceLimits.ReportWithin;
    }
}
