using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>How long a pause, or its end, may take.</summary>
public static class PauseLimits
{
    /// <summary>What is asked has the time-out of the spec; what outlives that is killed, or was lost by an upgrade, and is waited for a little longer.</summary>
    public static TimeSpan Of(PauseSpec pause, PauseAct act)
    {
        ArgumentNullException.ThrowIfNull(pause);
        return pause switch
        {
            { Hooks: { } hooks } => (act == PauseAct.Pause ? hooks.Pause : hooks.Continue).Timeout + SupervisionLimits.EmptyWithin,
            { Http: not null } => pause.Timeout + SupervisionLimits.EmptyWithin,
            _ => pause.Timeout,
        };
    }
}
