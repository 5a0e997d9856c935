using Holdfast.Core.Supervision;

namespace Holdfast.Core.Operations;

/// <summary>The operation, and what is wanted of its service, after one look at the instance.</summary>
public sealed record OperationStep(Operation Operation, ServiceRecord Service);

/// <summary>
/// How an operation comes to its end. <c>Applying → Done</c>, <c>Applying → Failed</c>, or for a release that can go back
/// <c>Applying → RollingBack → Failed</c>. Pure: the reconciler calls it with what it sees, as often as it likes.
/// </summary>
public static class OperationMachine
{
    /// <param name="operation">In progress; a finished one is returned as it is.</param>
    /// <param name="service">What is wanted of its service.</param>
    /// <param name="seen">The service's instance as the supervisor has it; null when it has none.</param>
    /// <param name="readyDeadline">Of the release that is wanted.</param>
    /// <param name="now">The wall clock, since a deadline must survive the agent.</param>
    public static OperationStep Next(Operation operation, ServiceRecord service, InstanceStatus? seen, TimeSpan readyDeadline, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(service);
        if (operation.IsFinished)
            return new(operation, service);

        return operation.Action switch
        {
            OperationAction.Stop => UntilStopped(operation, service, seen, now),
            OperationAction.Remove => UntilGone(operation, service, seen, now),
            _ => UntilReady(operation, service, seen, readyDeadline, now),
        };
    }

    /// <summary>What is wanted cannot even be given to the supervisor: its package is gone, its spec cannot be read.</summary>
    public static OperationStep Obstructed(Operation operation, ServiceRecord service, InstanceStatus? seen, string why, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(service);
        if (operation.IsFinished)
            return new(operation, service);
        var step = Missed(operation, service, why, now);

        // What ran before still runs, untouched: wanting exactly that again spares it a restart.
        var untouched = step.Operation.Phase == OperationPhase.RollingBack && operation.Phase == OperationPhase.Applying
            && seen is not null && seen.Release == operation.From && seen.Wanted == step.Service.Run && seen.Incarnation == service.Incarnation - 1;
        return untouched ? step with { Service = step.Service with { Incarnation = seen!.Incarnation } } : step;
    }

    /// <summary>A stop or removal ends what was in progress. An unfinished move is undone: a release that never was ready is not left behind as the wanted one.</summary>
    public static OperationStep Interrupted(Operation operation, ServiceRecord service, OperationAction by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(service);
        var ended = Finish(operation, OperationPhase.Failed, $"ended by a {by.Word()}", now);
        var wanted = operation.From == 0 ? service : service with { Release = operation.From };
        return new(ended, wanted);
    }

    private static OperationStep UntilStopped(Operation operation, ServiceRecord service, InstanceStatus? seen, DateTimeOffset now) => seen switch
    {
        null => new(Finish(operation, OperationPhase.Done, $"{service.Name} is stopped", now), service),
        { Wanted: RunState.Stopped, State: InstanceState.Stopped } => new(Finish(operation, OperationPhase.Done, $"{service.Name} is stopped: {seen.Reason}", now), service),
        { State: InstanceState.Stopping } => new(operation with { Reason = $"stopping {seen.Instance}: {seen.Reason}" }, service),
        _ => new(operation with { Reason = $"stopping {seen.Instance}" }, service),
    };

    private static OperationStep UntilGone(Operation operation, ServiceRecord service, InstanceStatus? seen, DateTimeOffset now) => seen is null
        ? new(Finish(operation, OperationPhase.Done, $"{service.Name} is removed", now), service)
        : new(operation with { Reason = $"removing {seen.Instance}" }, service);

    private static OperationStep UntilReady(Operation operation, ServiceRecord service, InstanceStatus? seen, TimeSpan readyDeadline, DateTimeOffset now)
    {
        // A deadline that counted for a start which is not seen any more (the supervisor lost it) does not count for the next one.
        if (seen is null || !Matches(service, seen))
            return new(operation with { ReadyBy = null, Reason = $"waiting for the supervisor to take up release {service.Release}" }, service);

        switch (seen)
        {
            case { State: InstanceState.Running or InstanceState.Paused, Ready: true }:
            case { State: InstanceState.Completed }:
            case { Wanted: RunState.Stopped, State: InstanceState.Stopped }:
                return Arrived(operation, service, seen, now);
            case { State: InstanceState.Failed }:
                return Missed(operation, service, seen.Reason, now);
        }

        // The time counts from the first start that is seen, not from the request: stopping the old release may take its own time.
        var readyBy = operation.ReadyBy ?? (seen.StartedAt ?? now) + readyDeadline;
        if (now >= readyBy)
            return Missed(operation, service, $"not ready within {readyDeadline.TotalSeconds:0.#} s: {seen.Reason}", now);
        return new(operation with { ReadyBy = readyBy, Reason = $"{seen.Instance} is {seen.State.Word()}: {seen.Reason}" }, service);
    }

    private static OperationStep Arrived(Operation operation, ServiceRecord service, InstanceStatus seen, DateTimeOffset now)
    {
        if (operation.Phase == OperationPhase.RollingBack)
            return new(Finish(operation, OperationPhase.Failed, $"{operation.Fault}; release {service.Release} is back{(service.Run == RunState.Stopped ? ", stopped as before" : "")}", now), service);

        var how = seen.State == InstanceState.Completed ? "has completed" : "is ready";
        return new(Finish(operation, OperationPhase.Done, $"release {service.Release} of {service.Name} {how}", now), service);
    }

    private static OperationStep Missed(Operation operation, ServiceRecord service, string why, DateTimeOffset now)
    {
        if (operation.Phase == OperationPhase.RollingBack)
            return new(Finish(operation, OperationPhase.Failed, $"{operation.Fault}; release {service.Release} did not come back either: {why}", now), service);

        var moves = operation.Action is OperationAction.Deploy or OperationAction.Rollback;
        if (!moves || operation.From == 0)
        {
            var left = moves ? "; there is no earlier release to go back to" : "";
            return new(Finish(operation, OperationPhase.Failed, $"release {service.Release} of {service.Name} failed: {why}{left}", now), service);
        }

        var fault = $"release {operation.Release} of {service.Name} failed: {why}";
        return new(
            operation with { Phase = OperationPhase.RollingBack, ReadyBy = null, Reason = fault, Fault = fault },
            service with { Release = operation.From, Run = operation.FromRun, Incarnation = service.Incarnation + 1 });
    }

    /// <summary>The supervisor has taken up what is wanted: what it says is said of this release and this start, not of one before.</summary>
    public static bool Matches(ServiceRecord service, InstanceStatus seen)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(seen);
        return seen.Release == service.Release && seen.Incarnation == service.Incarnation && seen.Wanted == service.Run;
    }

    private static Operation Finish(Operation operation, OperationPhase phase, string reason, DateTimeOffset now) =>
        operation with { Phase = phase, Reason = reason, FinishedAt = now, ReadyBy = null };
}
