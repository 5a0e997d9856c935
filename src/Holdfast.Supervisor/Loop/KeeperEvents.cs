using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Loop;

/// <summary>What an instance tells, as the journal keeps it; the journal gives it its number.</summary>
internal static class KeeperEvents
{
    public static InstanceEvent Of(Effect.WriteEvent told, Instance state, DateTimeOffset at)
    {
        var plan = (state.Active ?? state.Desired).Plan;
        return new()
        {
            Sequence = 0,
            At = at,
            Instance = plan.Instance,
            Service = plan.Service,
            Release = plan.Release,
            Kind = told.Kind,
            Reason = told.Reason,
            Pid = told.Pid,
            Exit = told.Exit,
        };
    }
}
