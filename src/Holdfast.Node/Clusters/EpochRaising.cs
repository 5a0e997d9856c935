using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Raises the last epoch of every service in a restored store above all that may have been given since its backup, and leaves the floor for services that the backup does
/// not know. Of a document it changes the epoch and nothing else, whatever is in it. Done twice it raises twice, which harms nobody.
/// </summary>
internal static class EpochRaising
{
    /// <summary>So many documents at once.</summary>
    private const int Batch = 100;

    /// <summary>Problems: <c>store.document</c> where an epoch cannot be read: then none is known to be safe.</summary>
    public static async Task<Outcome<Done>> RunAsync(IStore store, DateTimeOffset restored, TimeProvider time, CancellationToken cancel)
    {
        var read = await store.RangeAsync(new(KeyRange.Prefix(StateKeys.Epochs)), cancel);
        if (!read.TryGet(out var last)) return Outcome.Failed<Done>(read.Problems);
        foreach (var batch in last.Items.Chunk(Batch))
        {
            var raised = batch.Select(item => Raise(item, restored)).ToList();
            if (raised.SelectMany(r => r.Problems).ToList() is { Count: > 0 } damaged) return damaged;
            var done = await CommitAsync(store, [.. batch.Select(item => Compare.Unchanged(item.Key, item.ModRevision))], [.. raised.Select(r => r.Value)], time, cancel);
            if (!done.IsOk) return done;
        }

        return await FloorAsync(store, restored, time, cancel);
    }

    private static async Task<Outcome<Done>> FloorAsync(IStore store, DateTimeOffset restored, TimeProvider time, CancellationToken cancel)
    {
        var read = await store.RangeAsync(new(KeyRange.Single(StateKeys.EpochFloor)), cancel);
        if (!read.TryGet(out var found)) return Outcome.Failed<Done>(read.Problems);
        var before = found.Items is [var item] ? item : null;
        var raised = before is null
            ? new Operation.Put(StateKeys.EpochFloor, Bytes(new JsonObject { ["apiVersion"] = Document<object>.V1, ["value"] = new JsonObject { ["epoch"] = EpochFloor.After(0, restored) } }))
            : Raise(before, restored);
        return raised.TryGet(out var put)
            ? await CommitAsync(store, [Compare.Unchanged(StateKeys.EpochFloor, before?.ModRevision ?? 0)], [put], time, cancel)
            : Outcome.Failed<Done>(raised.Problems);
    }

    private static Outcome<Operation.Put> Raise(KeyValue item, DateTimeOffset restored)
    {
        try
        {
            if (JsonNode.Parse(item.Value.Span) is JsonObject document && document["value"] is JsonObject value && value["epoch"] is JsonValue epoch && epoch.TryGetValue<long>(out var last))
            {
                value["epoch"] = EpochFloor.After(last, restored);
                return new Operation.Put(item.Key, Bytes(document));
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        return StateReader.Damaged(item.Key.ToString(), "it holds no epoch that could be raised");
    }

    private static async Task<Outcome<Done>> CommitAsync(IStore store, IReadOnlyList<Compare> conditions, IReadOnlyList<Operation> steps, TimeProvider time, CancellationToken cancel)
    {
        var committed = await store.CommitKnownAsync(new Transaction { If = conditions, Then = steps }, time, cancel);
        if (!committed.TryGet(out var decided)) return Outcome.Failed<Done>(committed.Problems);
        return decided.Succeeded ? Outcome.Done : StoreProblem.Unavailable("an epoch was changed while it was raised: another node has opened it meanwhile");
    }

    private static Bytes Bytes(JsonObject document) => new(JsonSerializer.SerializeToUtf8Bytes(document));
}
