using Holdfast.Storage;

namespace Holdfast.Testing.Storage;

/// <summary>
/// A store so simple that it is seen to be right: the whole past as a list of complete states. It takes the revisions that the real
/// store answered, since only their order is promised.
/// </summary>
public sealed class StoreOracle
{
    private readonly SortedDictionary<long, SortedDictionary<Bytes, KeyValue>> states = new() { [0] = [] };
    private readonly List<(long Revision, Change Change)> changes = [];

    public long Compacted { get; private set; }

    private SortedDictionary<Bytes, KeyValue> Now => states[states.Keys.Max()];

    public IReadOnlyList<KeyValue> Range(KeyRange keys, long revision)
    {
        var state = revision == 0 ? Now : states[states.Keys.Where(r => r <= revision).Max()];
        return [.. state.Values.Where(i => keys.Contains(i.Key))];
    }

    /// <summary>Whether the compares hold; what Then or Else give at the revision that the real store answered.</summary>
    public (bool Succeeded, List<OperationResult> Results) Commit(Transaction transaction, long revision)
    {
        var next = new SortedDictionary<Bytes, KeyValue>(Now);
        var succeeded = transaction.If.All(c => c.Holds(Now.GetValueOrDefault(c.Key)));
        var results = new List<OperationResult>();
        foreach (var step in succeeded ? transaction.Then : transaction.Else)
            results.Add(Do(step, next, revision));
        if (changes.Count > 0 && changes[^1].Revision == revision)
            states[revision] = next;
        return (succeeded, results);
    }

    /// <summary>The lease is gone: its keys are deleted, at one revision.</summary>
    public void EndLease(long lease, long revision)
    {
        var next = new SortedDictionary<Bytes, KeyValue>(Now);
        foreach (var item in Now.Values.Where(i => i.Lease == lease))
            Do(new Operation.Delete(item.Key), next, revision);
        states[revision] = next;
    }

    public void Compact(long revision) => Compacted = Math.Max(Compacted, revision);

    public IReadOnlyList<Change> Changes(KeyRange keys, long from) =>
        [.. changes.Where(c => c.Revision >= from && keys.Contains(c.Change.Item.Key)).Select(c => c.Change)];

    private OperationResult Do(Operation step, SortedDictionary<Bytes, KeyValue> state, long revision)
    {
        switch (step)
        {
            case Operation.Put put:
                var old = state.GetValueOrDefault(put.Key);
                state[put.Key] = new KeyValue(put.Key, put.Value, old?.CreateRevision ?? revision, revision, (old?.Version ?? 0) + 1, put.Lease);
                changes.Add((revision, new Change(ChangeKind.Put, state[put.Key])));
                return new OperationResult.Put();
            case Operation.Delete delete:
                var gone = state.Keys.Where(delete.Keys.Contains).ToList();
                foreach (var key in gone)
                {
                    state.Remove(key);
                    changes.Add((revision, new Change(ChangeKind.Delete, new KeyValue(key, Bytes.Empty, 0, revision, 0, 0))));
                }

                return new OperationResult.Deleted(gone.Count);
            case Operation.Get get:
                return new OperationResult.Got([.. state.Values.Where(i => get.Keys.Contains(i.Key)).Take(get.Limit == 0 ? int.MaxValue : get.Limit)]);
            default:
                throw new InvalidOperationException($"Unknown step {step}.");
        }
    }
}
