using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.State;
using Holdfast.Node.Supervisors;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Operations;

/// <summary>
/// Observe, decide, act, record, for all services of the node: one pass at a time, and a pass whenever the store or the
/// supervisor has something new or a deadline is due. Every step may be done again.
/// </summary>
internal sealed class Reconciler(
    ServiceCatalog catalog, ISupervisor supervisor, ReleaseContents contents, InstancePlanner planner,
    OperationOutcomes outcomes, WakeUp wakeUp, TimeProvider time, ILogger<Reconciler> log)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var wait = await PassAsync(cancel);
            await wakeUp.WaitAsync(wait, cancel);
        }
    }

    /// <summary>One look at everything; answers how long the next one can wait if nothing happens.</summary>
    private async Task<TimeSpan> PassAsync(CancellationToken cancel)
    {
        var services = await catalog.ListAsync(cancel);
        var instances = await supervisor.ListAsync(cancel);
        if (!services.IsOk || !instances.IsOk)
        {
            Log.PassFailed(log, string.Join("; ", services.Problems.Concat(instances.Problems)));
            return Retry;
        }

        var seen = instances.Value.ToDictionary(status => status.Instance);
        var wait = LookAgain;
        foreach (var entry in services.Value)
        {
            var next = await MoveAsync(entry, seen.GetValueOrDefault(entry.Service.Value.Instance), cancel);
            if (next < wait)
                wait = next;
        }

        return wait;
    }

    private async Task<TimeSpan> MoveAsync(ServiceEntry entry, InstanceStatus? seen, CancellationToken cancel)
    {
        var service = entry.Service.Value;
        var release = await catalog.FindReleaseAsync(service.Name, service.Release, cancel);
        if (!release.IsOk)
            return Failed(service, release.Problems);
        var spec = release.Value is { } found ? contents.Spec(found.Value) : OperationProblems.NoRelease(service.Name, service.Release);

        var step = Decide(entry, seen, spec);
        if (!Equals(step.Operation, entry.Operation.Value) || !Equals(step.Service, service))
        {
            // What was decided is on disk before anything is done about it; the commit itself calls for the next pass.
            var saved = await outcomes.SaveAsync(entry, step, cancel);
            return saved.IsOk ? TimeSpan.Zero : Failed(service, saved.Problems);
        }

        if (entry.Operation.Value is { IsFinished: true, Recorded: false })
        {
            var concluded = await outcomes.ConcludeAsync(entry, cancel);
            return concluded.IsOk ? TimeSpan.Zero : Failed(service, concluded.Problems);
        }

        var done = Reconciliation.Decide(service, seen) switch
        {
            SupervisorOrder.Apply => await ApplyAsync(service, release.Value!.Value, spec, cancel),
            SupervisorOrder.Remove => await supervisor.RemoveAsync(service.Instance, cancel),
            _ => Outcome.Done,
        };
        if (!done.IsOk)
            return Failed(service, done.Problems);
        return entry.Operation.Value.ReadyBy is { } readyBy ? Until(readyBy) : LookAgain;
    }

    private OperationStep Decide(ServiceEntry entry, InstanceStatus? seen, Outcome<ServiceSpec> spec)
    {
        var (operation, service, now) = (entry.Operation.Value, entry.Service.Value, time.GetUtcNow());
        return spec.TryGet(out var read) || service.Removing || service.Run == RunState.Stopped
            ? OperationMachine.Next(operation, service, seen, read?.ReadyDeadline ?? TimeSpan.Zero, now)
            : OperationMachine.Obstructed(operation, service, spec.Problems[0].What, now);
    }

    private async Task<Outcome<Done>> ApplyAsync(ServiceRecord service, ReleaseRecord release, Outcome<ServiceSpec> spec, CancellationToken cancel)
    {
        if (!spec.TryGet(out var read))
            return Outcome.Failed<Done>(spec.Problems);
        var where = contents.Folders(release.PackageDigest);
        if (!where.TryGet(out var at))
            return Outcome.Failed<Done>(where.Problems);
        var plan = planner.Plan(service, release, read, at);
        var prepared = InstanceFolders.Prepare(plan);
        return prepared.IsOk
            ? await supervisor.ApplyAsync(new DesiredInstance(plan, service.Run, service.Incarnation), cancel)
            : prepared;
    }

    private TimeSpan Failed(ServiceRecord service, IReadOnlyList<Problem> problems)
    {
        Log.StepFailed(log, service.Name, string.Join("; ", problems));
        return Retry;
    }

    private TimeSpan Until(DateTimeOffset due)
    {
        var wait = due - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "Cannot look at the node: {Problems}. Trying again in a second.")]
    public static partial void PassFailed(ILogger log, string problems);

    [LoggerMessage(1002, LogLevel.Warning, "{Service}: {Problems}. Trying again in a second.")]
    public static partial void StepFailed(ILogger log, string service, string problems);
}
