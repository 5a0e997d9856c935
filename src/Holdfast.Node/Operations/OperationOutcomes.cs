using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Node.Planning;
using Holdfast.Node.State;

namespace Holdfast.Node.Operations;

/// <summary>Puts on disk what the machine decided, and at an operation's end records its outcome and clears up behind it.</summary>
internal sealed class OperationOutcomes(ServiceCatalog catalog, ChangeRecord record, ReleaseContents contents, PackageCollector collector, InstanceFolders folders)
{
    /// <summary>One transaction: the operation, what is wanted of its service, and the states of the releases it concerns.</summary>
    public async Task<Outcome<bool>> SaveAsync(ServiceEntry entry, OperationStep step, CancellationToken cancel)
    {
        var before = entry.Operation.Value;
        var after = step.Operation;
        var change = new CatalogChange().Put(step.Service, entry.Service.Revision).Put(after, entry.Operation.Revision);
        if (before.Phase != after.Phase && after.Action is OperationAction.Deploy or OperationAction.Rollback)
        {
            var releases = await catalog.ListReleasesAsync(after.Service, cancel);
            if (!releases.TryGet(out var all))
                return Outcome.Failed<bool>(releases.Problems);
            foreach (var release in all)
            {
                var (state, reason) = StateOf(release.Value, after);
                if (state != release.Value.State)
                    change.Put(release.Value with { State = state, Reason = reason }, release.Revision);
            }
        }

        return await catalog.CommitAsync(change, cancel);
    }

    /// <summary>The audit entry with the outcome, then the note that it is written: a crash in between writes it twice, never not at all.</summary>
    public async Task<Outcome<bool>> ConcludeAsync(ServiceEntry entry, CancellationToken cancel)
    {
        var operation = entry.Operation.Value;
        var recorded = record.Conclude(operation);
        if (!recorded.IsOk)
            return Outcome.Failed<bool>(recorded.Problems);

        var change = new CatalogChange().Put(operation with { Recorded = true }, entry.Operation.Revision);
        if (operation is { Action: OperationAction.Remove, Phase: OperationPhase.Done })
        {
            if (operation.Purge && folders.Purge(entry.Service.Value.Instance) is { IsOk: false } left)
                return Outcome.Failed<bool>(left.Problems);
            change.Forget(operation.Service, entry.Service.Revision);
        }

        var committed = await catalog.CommitAsync(change, cancel);
        if (operation.Action == OperationAction.Remove)
            contents.Forget(operation.Service);
        var collected = await collector.CollectAsync(cancel);
        return collected.IsOk ? committed : Outcome.Failed<bool>(collected.Problems);
    }

    /// <summary>Operations that ended without anybody to say so: the agent died between their end and its record, or another operation ended them.</summary>
    public async Task<Outcome<Done>> ConcludeLeftAsync(CancellationToken cancel)
    {
        var operations = await catalog.ListOperationsAsync(cancel);
        if (!operations.TryGet(out var all))
            return Outcome.Failed<Done>(operations.Problems);
        var services = await catalog.ListAsync(cancel);
        if (!services.TryGet(out var entries))
            return Outcome.Failed<Done>(services.Problems);

        var latest = entries.Select(entry => entry.Operation.Value.Id).ToHashSet();
        foreach (var left in all.Where(operation => operation.Value is { IsFinished: true, Recorded: false } && !latest.Contains(operation.Value.Id)))
        {
            var recorded = record.Conclude(left.Value);
            if (!recorded.IsOk)
                return recorded;
            var committed = await catalog.CommitAsync(new CatalogChange().Put(left.Value with { Recorded = true }, left.Revision), cancel);
            if (!committed.IsOk)
                return Outcome.Failed<Done>(committed.Problems);
        }

        return Outcome.Done;
    }

    private static (ReleaseState State, string Reason) StateOf(ReleaseRecord release, Operation operation) => (release.State, operation.Phase) switch
    {
        (_, OperationPhase.Done) when release.Number == operation.Release => (ReleaseState.Current, ""),
        (ReleaseState.Current, OperationPhase.Done) => (ReleaseState.Superseded, ""),
        (ReleaseState.Deploying, OperationPhase.RollingBack or OperationPhase.Failed) => (ReleaseState.Failed, operation.Reason),
        _ => (release.State, release.Reason),
    };
}
