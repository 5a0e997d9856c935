using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.State;

namespace Holdfast.Node.Operations;

/// <summary>
/// Accepts changes of services: checks them, records the intention, and changes what is wanted, in one transaction.
/// From then on the reconciler brings them to their end, whatever becomes of the client.
/// </summary>
internal sealed class OperationIntake(ServiceCatalog catalog, ReleaseIntake releases, ChangeRecord record, TimeProvider time)
{
    public Task<Outcome<Operation>> DeployAsync(DeployOrder order, OperationRequest request, CancellationToken cancel) =>
        OnceAsync(request, async () =>
        {
            var spec = await releases.CheckAsync(order, cancel);
            if (!spec.IsOk)
                return Refused(request, OperationAction.Deploy, order.PackageDigest, spec.Problems);

            var found = await catalog.FindAsync(spec.Value.Spec.Name, cancel);
            if (!found.IsOk)
                return Outcome.Failed<Operation>(found.Problems);
            var entry = found.Value;
            if (Busy(entry) is { } busy)
                return busy;

            var candidate = await releases.NextAsync(entry?.Service.Value, spec.Value, order, request, time.GetUtcNow(), cancel);
            if (!candidate.IsOk)
                return Refused(request, OperationAction.Deploy, spec.Value.Spec.Name, candidate.Problems);
            var next = candidate.Value;
            return await MoveAsync(OperationAction.Deploy, request, entry, next.Service, next.Release, cancel);
        }, cancel);

    public Task<Outcome<Operation>> RollbackAsync(string service, int number, OperationRequest request, CancellationToken cancel) =>
        OnceAsync(request, async () =>
        {
            var ready = await ReadyAsync(service, cancel);
            if (!ready.TryGet(out var entry))
                return Outcome.Failed<Operation>(ready.Problems);

            var candidate = await releases.BackAsync(entry.Service.Value, number, request, time.GetUtcNow(), cancel);
            if (!candidate.IsOk)
                return Refused(request, OperationAction.Rollback, service, candidate.Problems);
            return await MoveAsync(OperationAction.Rollback, request, entry, candidate.Value.Service, candidate.Value.Release, cancel);
        }, cancel);

    public Task<Outcome<Operation>> StartAsync(string service, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Start, service, request, wanted => wanted with { Run = RunState.Running, Incarnation = wanted.Incarnation + 1 }, cancel);

    public Task<Outcome<Operation>> RestartAsync(string service, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Restart, service, request, wanted => wanted with { Run = RunState.Running, Incarnation = wanted.Incarnation + 1 }, cancel);

    /// <summary>Stops the service. The one change that is accepted while another is in progress: it ends that one.</summary>
    public Task<Outcome<Operation>> StopAsync(string service, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Stop, service, request, wanted => wanted with { Run = RunState.Stopped }, cancel);

    public Task<Outcome<Operation>> RemoveAsync(string service, bool purge, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Remove, service, request, wanted => wanted with { Run = RunState.Stopped, Removing = true }, cancel, purge);

    private Task<Outcome<Operation>> ChangeAsync(
        OperationAction action, string service, OperationRequest request, Func<ServiceRecord, ServiceRecord> change, CancellationToken cancel, bool purge = false) =>
        OnceAsync(request, async () =>
        {
            var ready = await ReadyAsync(service, cancel, overrides: action is OperationAction.Stop or OperationAction.Remove);
            if (!ready.TryGet(out var entry))
                return Outcome.Failed<Operation>(ready.Problems);
            var now = time.GetUtcNow();
            var interrupted = entry.Operation.Value.IsFinished ? null : entry.Operation.Value;
            var operation = new Operation
            {
                Id = request.Id, Action = action, Service = service, Actor = request.Actor, StartedAt = now,
                Release = entry.Service.Value.Release, Purge = purge, Reason = "accepted",
            };
            var wanted = change(entry.Service.Value) with { Operation = request.Id };

            var catalogChange = new CatalogChange().Put(wanted, entry.Service.Revision).Put(operation, 0);
            if (interrupted is not null)
            {
                catalogChange.Put(
                    interrupted with { Phase = OperationPhase.Failed, Reason = $"ended by a {action.Word()}", FinishedAt = now }, entry.Operation.Revision);
                var releaseLeft = await catalog.FindReleaseAsync(service, interrupted.Release, cancel);
                if (releaseLeft is { IsOk: true, Value: { Value.State: ReleaseState.Deploying } left })
                    catalogChange.Put(left.Value with { State = ReleaseState.Failed, Reason = $"ended by a {action.Word()}" }, left.Revision);
            }

            return await CommitAsync(operation, catalogChange, [], cancel);
        }, cancel);

    private async Task<Outcome<Operation>> MoveAsync(
        OperationAction action, OperationRequest request, ServiceEntry? entry, ServiceRecord wanted, ReleaseRecord release, CancellationToken cancel)
    {
        var from = await LastGoodAsync(entry?.Service.Value, cancel);
        if (!from.IsOk)
            return Outcome.Failed<Operation>(from.Problems);
        var operation = new Operation
        {
            Id = request.Id, Action = action, Service = wanted.Name, Actor = request.Actor, StartedAt = release.CreatedAt,
            Release = release.Number, From = from.Value, Reason = "accepted",
        };
        var change = new CatalogChange().Put(wanted, entry?.Service.Revision ?? 0).Put(release, 0).Put(operation, 0);
        return await CommitAsync(operation, change, new Dictionary<string, string>
        {
            ["release"] = $"{release.Number}",
            ["version"] = release.Version,
            ["package"] = release.PackageDigest,
            ["signers"] = string.Join(", ", release.Signers),
        }, cancel);
    }

    /// <summary>The release to go back to: the current one; 0 where none ever was ready.</summary>
    private async Task<Outcome<int>> LastGoodAsync(ServiceRecord? service, CancellationToken cancel)
    {
        if (service is null)
            return 0;
        var releases = await catalog.ListReleasesAsync(service.Name, cancel);
        return releases.TryGet(out var all)
            ? all.LastOrDefault(release => release.Value.State == ReleaseState.Current)?.Value.Number ?? 0
            : Outcome.Failed<int>(releases.Problems);
    }

    private async Task<Outcome<Operation>> CommitAsync(Operation operation, CatalogChange change, Dictionary<string, string> details, CancellationToken cancel)
    {
        // Law 7: the record comes before the effect. A change that cannot be recorded is not made.
        var intended = record.Intend(operation, details);
        if (!intended.IsOk)
            return Outcome.Failed<Operation>(intended.Problems);

        var committed = await catalog.CommitAsync(change, cancel);
        if (committed.TryGet(out var done) && done)
            return operation;

        Problem[] why = committed.IsOk ? [OperationProblems.Overtaken(operation.Service)] : [.. committed.Problems];
        record.Conclude(operation with { Phase = OperationPhase.Failed, Reason = why[0].What });
        return why;
    }

    /// <summary>An id that is known is answered with its operation, without doing it again.</summary>
    private async Task<Outcome<Operation>> OnceAsync(OperationRequest request, Func<Task<Outcome<Operation>>> accept, CancellationToken cancel)
    {
        var known = await catalog.FindOperationAsync(request.Id, cancel);
        if (!known.IsOk)
            return Outcome.Failed<Operation>(known.Problems);
        return known.Value is { } before ? before.Value : await accept();
    }

    private async Task<Outcome<ServiceEntry>> ReadyAsync(string service, CancellationToken cancel, bool overrides = false)
    {
        var found = await catalog.FindAsync(service, cancel);
        if (!found.IsOk)
            return Outcome.Failed<ServiceEntry>(found.Problems);
        if (found.Value is null)
            return OperationProblems.NoService(service);
        return !overrides && Busy(found.Value) is { } busy ? busy : found.Value;
    }

    private static Problem? Busy(ServiceEntry? entry) =>
        entry is { Operation.Value.IsFinished: false } ? OperationProblems.InProgress(entry.Operation.Value) : null;

    private Outcome<Operation> Refused(OperationRequest request, OperationAction action, string target, IReadOnlyList<Problem> problems)
    {
        record.Refused(request.Actor, action.Word(), target, request.Id, problems);
        return Outcome.Failed<Operation>(problems);
    }
}
