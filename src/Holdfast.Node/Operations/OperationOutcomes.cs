using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Planning;
using Holdfast.Node.State;

namespace Holdfast.Node.Operations;

/// <summary>Puts on disk what the machine decided, and at an operation's end records its outcome and clears up behind it.</summary>
internal sealed class OperationOutcomes(ServiceCatalog catalog, ChangeRecord record, InstanceFolders folders)
{
    /// <summary>One transaction: the operation, what is wanted of its service, and the states of the releases it concerns.</summary>
    public async Task<Outcome<bool>> SaveAsync(ServiceEntry entry, OperationStep step, CancellationToken cancel)
    {
        var change = new CatalogChange().Put(step.Service, entry.Service.Revision).Put(step.Operation, entry.Operation.Revision);
        if (entry.Operation.Value.Phase != step.Operation.Phase)
        {
            var releases = await catalog.ListReleasesAsync(step.Operation.Service, cancel);
            if (!releases.TryGet(out var all))
                return Outcome.Failed<bool>(releases.Problems);
            foreach (var release in all)
            {
                var after = ReleaseStates.After(step.Operation, release.Value);
                if (after != release.Value)
                    change.Put(after, release.Revision);
            }
        }

        return await catalog.CommitAsync(change, cancel);
    }

    /// <summary>The audit entry with the outcome, then the note that it is written.</summary>
    public async Task<Outcome<bool>> ConcludeAsync(ServiceEntry entry, CancellationToken cancel)
    {
        var operation = entry.Operation.Value;
        var gone = operation is { Action: OperationAction.Remove, Phase: OperationPhase.Done };
        if (gone && operation.Purge && folders.Purge(entry.Service.Value.Instance) is { IsOk: false } left)
            return Outcome.Failed<bool>(left.Problems);
        var recorded = record.Conclude(operation);
        if (!recorded.IsOk)
            return Outcome.Failed<bool>(recorded.Problems);

        var noted = operation with { Recorded = true };
        var change = gone
            ? new CatalogChange().Forget(operation.Service, entry.Service.Revision).Archive(noted, entry.Operation.Revision)
            : new CatalogChange().Put(noted, entry.Operation.Revision);
        return await NoteAsync(operation.Id, change, cancel);
    }

    /// <summary>An operation that another one has followed goes to those of the past; its outcome is recorded first if nobody could do it yet.</summary>
    public async Task<Outcome<bool>> LeaveAsync(Versioned<Operation> left, CancellationToken cancel)
    {
        // One that is not even finished has lost its service: nobody will bring it to its end.
        var operation = left.Value.IsFinished ? left.Value : left.Value with { Phase = OperationPhase.Failed, Reason = "its service is gone", FinishedAt = left.Value.StartedAt };
        if (!operation.Recorded)
        {
            var recorded = record.Conclude(operation);
            if (!recorded.IsOk)
                return Outcome.Failed<bool>(recorded.Problems);
        }

        return await NoteAsync(operation.Id, new CatalogChange().Archive(operation with { Recorded = true }, left.Revision), cancel);
    }

    private async Task<Outcome<bool>> NoteAsync(string operation, CatalogChange change, CancellationToken cancel)
    {
        var committed = await catalog.CommitAsync(change, cancel);
        if (committed.TryGet(out var done) && done)
            record.Noted(operation);
        return committed;
    }
}
