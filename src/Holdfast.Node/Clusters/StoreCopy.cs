using Holdfast.Core.Problems;
using Holdfast.Storage;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Makes the keys of a range in one store what they are in another. It changes what differs and nothing else, so that a copy that was interrupted is taken up, and one that is
/// whole is only compared. Nobody else may write to either meanwhile.
/// </summary>
internal static class StoreCopy
{
    private const int Page = 500;

    /// <summary>Problems: <c>cluster.copy</c> (what was read back differs), those of both stores.</summary>
    public static async Task<Outcome<Done>> RunAsync(IStore from, IStore to, KeyRange keys, TimeProvider time, CancellationToken cancel)
    {
        var source = await ReadAsync(from, keys, cancel);
        if (!source.TryGet(out var wanted)) return Outcome.Failed<Done>(source.Problems);
        var there = await ReadAsync(to, keys, cancel);
        if (!there.TryGet(out var found)) return Outcome.Failed<Done>(there.Problems);
        foreach (var steps in Batches(Differences(wanted, found)))
        {
            var committed = await to.CommitKnownAsync(new Transaction { Then = steps }, time, cancel);
            if (!committed.IsOk) return Outcome.Failed<Done>(committed.Problems);
        }

        var again = await ReadAsync(to, keys, cancel);
        if (!again.TryGet(out var read)) return Outcome.Failed<Done>(again.Problems);
        var left = Differences(wanted, read).Count;
        return left == 0 ? Outcome.Done : new Problem(ProblemKind.Failed, "cluster.copy", $"What was copied is not what was read back: {left} keys differ.")
        {
            Why = "somebody else writes to one of the stores",
            Mend = "see that no other agent uses it, and run the command again",
        };
    }

    /// <summary>What is to be put and deleted, in the order of the keys.</summary>
    internal static IReadOnlyList<Operation> Differences(IReadOnlyDictionary<Bytes, Bytes> wanted, IReadOnlyDictionary<Bytes, Bytes> found) =>
    [
        .. wanted.Where(w => !found.TryGetValue(w.Key, out var value) || value != w.Value).OrderBy(w => w.Key).Select(w => new Operation.Put(w.Key, w.Value)),
        .. found.Keys.Where(key => !wanted.ContainsKey(key)).Order().Select(key => new Operation.Delete(key)),
    ];

    /// <summary>In transactions that every store takes.</summary>
    internal static IEnumerable<IReadOnlyList<Operation>> Batches(IEnumerable<Operation> steps)
    {
        List<Operation> batch = [];
        long bytes = 0;
        foreach (var step in steps)
        {
            var more = step is Operation.Put put ? put.Key.Length + put.Value.Length : 0;
            if (batch.Count == StoreLimits.Steps || (batch.Count > 0 && bytes + more > StoreLimits.TransactionBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(step);
            bytes += more;
        }

        if (batch.Count > 0) yield return batch;
    }

    /// <summary>All at one revision. Keys that die with a lease belong to who holds it, and are not copied.</summary>
    private static async Task<Outcome<IReadOnlyDictionary<Bytes, Bytes>>> ReadAsync(IStore store, KeyRange keys, CancellationToken cancel)
    {
        var all = new Dictionary<Bytes, Bytes>();
        var (next, revision) = (keys, 0L);
        while (true)
        {
            var read = await store.RangeAsync(new(next) { Limit = Page, Revision = revision }, cancel);
            if (!read.TryGet(out var page)) return Outcome.Failed<IReadOnlyDictionary<Bytes, Bytes>>(read.Problems);
            if (revision == 0) revision = page.Revision;
            foreach (var item in page.Items.Where(item => item.Lease == 0)) all[item.Key] = item.Value;
            if (!page.More) return all;
            next = KeyRange.Between(new Bytes([.. page.Items[^1].Key.Span, 0]), keys.To);
        }
    }
}
