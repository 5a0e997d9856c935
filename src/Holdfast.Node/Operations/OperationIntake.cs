using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.State;

namespace Holdfast.Node.Operations;

/// <summary>
/// Accepts changes of services: checks them, records the intention, and changes what is wanted, in one transaction.
/// From then on the reconciler brings them to their end, whatever becomes of the client.
/// </summary>
/// <param name="node">This one's name in its cluster; empty: it has none.</param>
internal sealed class OperationIntake(ServiceCatalog catalog, ReleaseIntake releases, ChangeRecord record, ChangeGate gate, string node, TimeProvider time)
{
    /// <summary>The reconciler may commit between our look and our commit; it does not do so many times in a row.</summary>
    private const int Attempts = 10;

    /// <summary>An operation that could begin, and the change of the store that begins it.</summary>
    private sealed record Candidate(Operation Operation, CatalogChange Change, IReadOnlyDictionary<string, string> Details);

    public async Task<Outcome<Operation>> DeployAsync(DeployOrder order, OperationRequest request, CancellationToken cancel)
    {
        // Reading and checking the package may take its time; nobody else has to wait for it.
        var known = await KnownAsync(request, OperationAction.Deploy, null, cancel);
        if (!known.IsOk || known.Value is not null)
            return known!;
        var check = await releases.CheckAsync(order, cancel);
        if (!check.TryGet(out var good))
            return Refused(request, OperationAction.Deploy, order.PackageDigest, check.Problems);
        return await AcceptAsync(OperationAction.Deploy, good.Spec.Name, request, async () =>
        {
            var found = await catalog.FindAsync(good.Spec.Name, cancel);
            if (!found.IsOk)
                return Outcome.Failed<Candidate>(found.Problems);
            if (Busy(found.Value) is { } busy)
                return busy;
            var next = await releases.NextAsync(found.Value, good, order, request, time.GetUtcNow(), cancel);
            return next.IsOk ? await MoveAsync(OperationAction.Deploy, request, found.Value, next.Value, cancel) : Outcome.Failed<Candidate>(next.Problems);
        }, cancel);
    }

    public Task<Outcome<Operation>> RollbackAsync(string service, int number, OperationRequest request, CancellationToken cancel) =>
        AcceptAsync(OperationAction.Rollback, service, request, async () =>
        {
            var ready = await ReadyAsync(service, cancel);
            if (!ready.TryGet(out var entry))
                return Outcome.Failed<Candidate>(ready.Problems);
            var next = await releases.BackAsync(entry, number, request, time.GetUtcNow(), cancel);
            return next.IsOk ? await MoveAsync(OperationAction.Rollback, request, entry, next.Value, cancel) : Outcome.Failed<Candidate>(next.Problems);
        }, cancel);

    public Task<Outcome<Operation>> StartAsync(string service, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Start, service, request, wanted => wanted with { Run = RunState.Running, Incarnation = wanted.Incarnation + 1 }, cancel);

    public Task<Outcome<Operation>> RestartAsync(string service, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Restart, service, request, wanted => wanted with { Run = RunState.Running, Incarnation = wanted.Incarnation + 1 }, cancel);

    /// <summary>Stops the service. Like a removal, it is accepted while another change is in progress: it ends that one.</summary>
    public Task<Outcome<Operation>> StopAsync(string service, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Stop, service, request, wanted => wanted with { Run = RunState.Stopped }, cancel);

    public Task<Outcome<Operation>> RemoveAsync(string service, bool purge, OperationRequest request, CancellationToken cancel) =>
        ChangeAsync(OperationAction.Remove, service, request, wanted => wanted with { Run = RunState.Stopped, Removing = true }, cancel, purge);

    private Task<Outcome<Operation>> ChangeAsync(
        OperationAction action, string service, OperationRequest request, Func<ServiceRecord, ServiceRecord> change, CancellationToken cancel, bool purge = false) =>
        AcceptAsync(action, service, request, async () =>
        {
            var ready = await ReadyAsync(service, cancel, overrides: action is OperationAction.Stop or OperationAction.Remove);
            if (!ready.TryGet(out var entry))
                return Outcome.Failed<Candidate>(ready.Problems);

            var now = time.GetUtcNow();
            var (before, wanted) = (entry.Operation.Value, entry.Service.Value);
            var all = new CatalogChange();
            if (!before.IsFinished)
            {
                var ended = OperationMachine.Interrupted(before, wanted, action, now);
                wanted = ended.Service;
                all.Put(ended.Operation, entry.Operation.Revision);
                var left = await catalog.FindReleaseAsync(service, before.Release, cancel);
                if (!left.IsOk)
                    return Outcome.Failed<Candidate>(left.Problems);
                if (left.Value is { } release && ReleaseStates.After(ended.Operation, release.Value) is var after && after != release.Value)
                    all.Put(after, release.Revision);
            }

            var operation = new Operation
            {
                Id = request.Id, Action = action, Service = service, Actor = request.Actor.Name, Node = node, StartedAt = now,
                Release = wanted.Release, Purge = purge, Reason = "accepted",
            };
            all.Put(change(wanted) with { Operation = request.Id }, entry.Service.Revision).Put(operation, 0);
            var acted = await catalog.FindReleaseAsync(service, entry.Service.Value.Release, cancel);
            return acted.IsOk ? new Candidate(operation, all, ReleaseDigests.Of(acted.Value?.Value)) : Outcome.Failed<Candidate>(acted.Problems);
        }, cancel);

    private async Task<Outcome<Candidate>> MoveAsync(
        OperationAction action, OperationRequest request, ServiceEntry? entry, NextRelease next, CancellationToken cancel)
    {
        var from = await LastGoodAsync(entry?.Service.Value, cancel);
        if (!from.IsOk)
            return Outcome.Failed<Candidate>(from.Problems);
        var before = entry is null ? null : await catalog.FindReleaseAsync(entry.Service.Value.Name, entry.Service.Value.Release, cancel);
        if (before is { IsOk: false })
            return Outcome.Failed<Candidate>(before.Problems);
        var release = next.Release;
        var operation = new Operation
        {
            Id = request.Id, Action = action, Service = next.Service.Name, Actor = request.Actor.Name, Node = node, StartedAt = release.CreatedAt,
            Release = release.Number, From = from.Value, FromRun = entry?.Service.Value.Run ?? RunState.Running, Reason = "accepted",
        };
        var change = new CatalogChange().Put(next.Service, entry?.Service.Revision ?? 0).Put(release, 0).Put(operation, 0);
        return new Candidate(operation, change, new Dictionary<string, string>(ReleaseDigests.Between(before?.Value?.Value, release))
        {
            ["version"] = release.Version,
            ["signers"] = string.Join(", ", release.Signers),
        });
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

    /// <summary>An id that is known is answered with its operation, without doing it again. Else: decide, record, commit, in this order.</summary>
    private async Task<Outcome<Operation>> AcceptAsync(
        OperationAction action, string service, OperationRequest request, Func<Task<Outcome<Candidate>>> decide, CancellationToken cancel)
    {
        using var turn = await gate.EnterAsync(cancel);
        var known = await KnownAsync(request, action, service, cancel);
        if (!known.IsOk || known.Value is not null)
            return known!;
        var decided = await decide();
        if (!decided.TryGet(out var first))
            return Refused(request, action, service, decided.Problems);

        // Law 7: the record comes before the effect. A change that cannot be recorded is not made.
        var intended = record.Intend(first.Operation, first.Details, request.Actor);
        if (!intended.IsOk)
            return Outcome.Failed<Operation>(intended.Problems);
        var accepted = await CommitAsync(service, first, decide);
        if (accepted.IsOk)
            return accepted;
        record.Conclude(first.Operation with { Phase = OperationPhase.Failed, Reason = accepted.Problems[0].What });
        record.Noted(request.Id);
        return accepted;
    }

    /// <summary>What is intended comes to an end here, whether the client still waits or not: otherwise nobody would write its outcome.</summary>
    private async Task<Outcome<Operation>> CommitAsync(string service, Candidate first, Func<Task<Outcome<Candidate>>> decide)
    {
        try
        {
            var candidate = first;
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var committed = await catalog.CommitAsync(candidate.Change, CancellationToken.None);
                if (!committed.TryGet(out var done))
                    return Outcome.Failed<Operation>(committed.Problems);
                if (done)
                    return candidate.Operation;
                var again = await decide();
                if (!again.TryGet(out candidate!))
                    return Outcome.Failed<Operation>(again.Problems);
            }

            return OperationProblems.Overtaken(service);
        }
        catch (OperationCanceledException)
        {
            return OperationProblems.ClientGone(service);
        }
    }

    /// <summary>The operation that has the request's id; null: none has.</summary>
    private async Task<Outcome<Operation?>> KnownAsync(OperationRequest request, OperationAction action, string? service, CancellationToken cancel)
    {
        if (request.Check() is { IsOk: false } bad)
            return Outcome.Failed<Operation?>(bad.Problems);
        var known = await catalog.FindOperationAsync(request.Id, cancel);
        return known.TryGet(out var before) && before is not null ? request.Again(before, action, service) : known;
    }

    private async Task<Outcome<ServiceEntry>> ReadyAsync(string service, CancellationToken cancel, bool overrides = false)
    {
        var found = await catalog.FindAsync(service, cancel);
        if (!found.IsOk)
            return Outcome.Failed<ServiceEntry>(found.Problems);
        if (found.Value is null)
            return OperationProblems.NoService(service);
        var ends = overrides && found.Value.Operation.Value.Action != OperationAction.Remove;
        return !ends && Busy(found.Value) is { } busy ? busy : found.Value;
    }

    private static Problem? Busy(ServiceEntry? entry) =>
        entry is { Operation.Value.IsFinished: false } ? OperationProblems.InProgress(entry.Operation.Value) : null;

    private Outcome<Operation> Refused(OperationRequest request, OperationAction action, string target, IReadOnlyList<Problem> problems)
    {
        if (problems[0].Kind is not (ProblemKind.Unavailable or ProblemKind.Damaged))
            record.Refused(request.Actor, action.Word(), target, request.Id, problems);
        return Outcome.Failed<Operation>(problems);
    }
}
