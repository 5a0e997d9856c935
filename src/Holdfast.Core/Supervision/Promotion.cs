using Holdfast.Core.Leadership;
using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>
/// What stands by hot runs before it leads. There is one way for it to become the leader, however it was started: it is started, it becomes ready, and it is told. So
/// what a service does at its start never depends on whether it leads.
/// </summary>
public static class Promotion
{
    /// <summary>It acts only after it was told to.</summary>
    public static bool IsOf(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Placement is { Mode: PlacementMode.ActiveStandby, Standby: Standby.Hot, Promote: not null };
    }

    /// <summary>What is asked has the time-out of the spec; what outlives that is killed, or was lost by an upgrade, and is waited for a little longer.</summary>
    public static TimeSpan Within(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return !IsOf(spec) ? TimeSpan.Zero : spec.Placement.Promote switch
        {
            { Hook: { } hook } => hook.Timeout + SupervisionLimits.EmptyWithin,
            { Http: not null } promote => promote.Timeout + SupervisionLimits.EmptyWithin,
            _ => SupervisionLimits.EmptyWithin,
        };
    }

    /// <summary>What runs is the standby of what is wanted, and that leads: it is told, and not started anew.</summary>
    internal static bool Awaits(InstancePlan active, InstancePlan desired) =>
        active.StandsBy && !desired.StandsBy && DesiredInstances.SamePlan(active, desired with { StandsBy = true, Epoch = null, Lease = null });
}
