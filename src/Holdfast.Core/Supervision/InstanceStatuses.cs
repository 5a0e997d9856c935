using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision;

/// <summary>An instance as others see it.</summary>
public static class InstanceStatuses
{
    public static InstanceStatus Of(Instance instance, CaptureStatus capture, ContainmentStatus containment)
    {
        var shown = instance.MayHaveProcesses && instance.Active is { } active ? active : instance.Desired;
        return new()
        {
            Instance = shown.Plan.Instance,
            Service = shown.Plan.Service,
            Release = shown.Plan.Release,
            Epoch = shown.Plan.Epoch,
            Lease = shown.Plan.Lease,
            StandsBy = shown.Plan.StandsBy,
            PackageDigest = shown.Plan.PackageDigest,
            Incarnation = shown.Incarnation,
            Wanted = instance.Leaving ? RunState.Stopped : instance.Desired.Run,
            State = instance.Phase.State,
            Health = HealthOf(instance),
            Reason = instance.Reason,
            Since = instance.Since,
            Pid = instance.Process?.Pid,
            CreationTime = instance.Process?.CreationTime,
            StartedAt = instance.Process?.StartedAt,
            Ready = instance.Process is not null && instance.Health.Ready && instance.Phase is not Phase.Promoting,
            Restarts = instance.Ledger.Restarts,
            RestartsByReason = instance.Ledger.ByReason,
            NextStartAt = (instance.Phase as Phase.BackingOff)?.UntilWall,
            LastExit = instance.LastExit,
            StatusText = instance.StatusText,
            Probes = instance.Health.Statuses(),
            Capture = capture,
            Containment = containment,
        };
    }

    private static HealthState HealthOf(Instance instance) => instance.Phase switch
    {
        Phase.Starting or Phase.Promoting => HealthState.Starting,
        Phase.Running => instance.Health.Healthy ? HealthState.Healthy : HealthState.Unhealthy,
        _ => HealthState.Unknown,
    };
}
