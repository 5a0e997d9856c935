using System.Runtime.CompilerServices;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Storage;
using Operation = Holdfast.Core.Operations.Operation;

namespace Holdfast.Node.State;

/// <summary>Tells of changes of desired state as they are made.</summary>
internal sealed class StateWatch(IStore store, ServiceCatalog catalog, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), PurgePatience = TimeSpan.FromSeconds(10), PurgeLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Tells of every change of any document from now on, until it is cancelled.</summary>
    public async Task WatchAsync(Action changed, CancellationToken cancel)
    {
        var all = KeyRange.Prefix(StateKeys.Root);
        while (!cancel.IsCancellationRequested)
        {
            var now = await store.RangeAsync(new(all) { Limit = 1 }, cancel);
            changed();
            if (now.TryGet(out var range))
            {
                await foreach (var batch in store.WatchAsync(all, range.Revision + 1, cancel))
                {
                    if (batch is WatchBatch.Changes)
                        changed();
                }
            }

            if (!cancel.IsCancellationRequested)
                await Task.Delay(Pause, time, cancel);
        }
    }

    /// <summary>
    /// An operation as it is now, and at each change of it, until it has ended. Problems, which end the telling: it is forgotten
    /// (its service's many later ones took its place), or the store is away.
    /// </summary>
    public async IAsyncEnumerable<Outcome<Operation>> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancel)
    {
        var keys = KeyRange.Single(StateKeys.Operation(id));
        while (!cancel.IsCancellationRequested)
        {
            var revision = await store.RangeAsync(new(keys), cancel);
            var now = revision.IsOk ? await catalog.FindOperationAsync(id, cancel) : Outcome.Failed<Operation?>(revision.Problems);
            if (!now.TryGet(out var found) || found is null)
            {
                yield return now.IsOk ? Forgotten(id) : Outcome.Failed<Operation>(now.Problems);
                yield break;
            }

            yield return found;
            if (found.IsFinished)
            {
                if (found is { Action: OperationAction.Remove, Purge: true, Phase: OperationPhase.Done })
                    await PurgedAsync(id, cancel);
                yield break;
            }

            await foreach (var batch in store.WatchAsync(keys, revision.Value.Revision + 1, cancel))
            {
                if (batch is WatchBatch.Lost lost)
                {
                    yield return lost.Problem;
                    yield break;
                }

                break;
            }
        }
    }

    /// <summary>Data and output of what was removed go after it is gone, and its record is the last of it. Whoever asked for that is answered when they have; where they cannot go, nobody waits for ever.</summary>
    private async Task PurgedAsync(string id, CancellationToken cancel)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < PurgePatience;)
        {
            if ((await catalog.FindOperationAsync(id, cancel)).TryGet(out var found) && found is not { Recorded: false })
                return;
            await Task.Delay(PurgeLook, time, cancel);
        }
    }

    private static Problem Forgotten(string id) => new(ProblemKind.NotFound, "operation.unknown", $"There is no operation {id} any more.")
    {
        Mend = "the audit log knows its outcome: `holdfast audit list`",
    };
}
