using Holdfast.Testing.Storage;

namespace Holdfast.Storage.Tests;

/// <summary>Does the same steps to a store and to the oracle, and compares every answer.</summary>
internal sealed class StoreModelRun(Func<Task<IStore>> open)
{
    private readonly StoreOracle oracle = new();
    private readonly List<Lease> leases = [];
    private IStore? opened;
    private Transaction? last;
    private CommitResult.Decided? lastAnswer;

    /// <summary>The store's first revision that this run knows: others may have used it before.</summary>
    private long begin;
    private long revision;

    private IStore Store => opened!;

    public async Task RunAsync(IEnumerable<StoreStep> steps)
    {
        opened = await open();
        try
        {
            begin = Math.Max(1, (await Store.RangeAsync(new RangeQuery(KeyRange.All), CancellationToken.None)).Value.Revision);
            revision = begin == 1 ? 0 : begin;
            foreach (var step in steps)
                await DoAsync(step);
            await RangeAsync(new StoreStep.Range(KeyRange.All, 0, 0));
            await WatchAsync(KeyRange.All, Math.Max(begin, oracle.Compacted));
        }
        finally
        {
            await Store.DisposeAsync();
        }
    }

    private Task DoAsync(StoreStep step) => step switch
    {
        StoreStep.Commit commit => CommitAsync(commit),
        StoreStep.Range range => RangeAsync(range),
        StoreStep.Watch watch => WatchAsync(watch.Keys, Math.Max(begin, revision - watch.Back)),
        StoreStep.Compact compact => CompactAsync(revision - compact.Back),
        StoreStep.Grant => GrantAsync(),
        StoreStep.Revoke revoke => RevokeAsync(revoke.Lease),
        StoreStep.Repeat => RepeatAsync(),
        StoreStep.Reopen => ReopenAsync(),
        _ => throw new InvalidOperationException($"Unknown step {step}."),
    };

    private async Task CommitAsync(StoreStep.Commit step)
    {
        var transaction = step.LeaseOfPuts is { } index && index < leases.Count ? WithLease(step.Transaction, leases[index].Id) : step.Transaction;
        var result = await Store.CommitAsync(transaction, CancellationToken.None);
        if (TransactionCheck.Find(transaction) is { } problem)
        {
            Assert.Equal(new CommitResult.Failed(problem), result);
            return;
        }

        var decided = Assert.IsType<CommitResult.Decided>(result);
        Assert.True(decided.Revision >= revision);
        var (succeeded, results) = oracle.Commit(transaction, decided.Revision > revision ? decided.Revision : 0);
        Assert.Equal(succeeded, decided.Succeeded);
        Assert.Equal(results.Select(Show), decided.Results.Select(Show));
        var mutates = (succeeded ? transaction.Then : transaction.Else).Any(o => o is not Operation.Get);
        (revision, last, lastAnswer) = (decided.Revision, mutates ? transaction : last, mutates ? decided : lastAnswer);
    }

    private async Task RangeAsync(StoreStep.Range step)
    {
        var at = step.Back == 0 ? 0 : Math.Max(begin, revision - step.Back);
        var outcome = await Store.RangeAsync(new RangeQuery(step.Keys) { Limit = step.Limit, Revision = at }, CancellationToken.None);
        if (at > revision || (at > 0 && at < oracle.Compacted))
        {
            Assert.Equal(at > revision ? "store.future-revision" : "store.compacted", Assert.Single(outcome.Problems).Rule);
            return;
        }

        var all = oracle.Range(step.Keys, at);
        var wanted = step.Limit == 0 ? all : [.. all.Take(step.Limit)];
        Assert.Equal(wanted, outcome.Value.Items);
        Assert.Equal((all.Count, all.Count > wanted.Count), (outcome.Value.Count, outcome.Value.More));
    }

    private async Task WatchAsync(KeyRange keys, long from)
    {
        using var cancel = new CancellationTokenSource();
        var seen = new List<Change>();
        var wanted = oracle.Changes(keys, from);
        var told = true;
        if (from >= oracle.Compacted && wanted.Count == 0)
            return;
        await foreach (var batch in Store.WatchAsync(keys, from, cancel.Token))
        {
            // From the compacted revision itself a store may tell its changes, or that they are gone.
            if (from < oracle.Compacted || (from == oracle.Compacted && batch is WatchBatch.Compacted))
            {
                Assert.IsType<WatchBatch.Compacted>(batch);
                told = false;
                continue;
            }

            seen.AddRange(Assert.IsType<WatchBatch.Changes>(batch).Items);
            if (seen.Count >= wanted.Count)
                await cancel.CancelAsync();
        }

        if (told)
            Assert.Equal(wanted, seen);
    }

    private async Task CompactAsync(long at)
    {
        if (at < begin)
            return;
        Assert.True((await Store.CompactAsync(at, CancellationToken.None)).IsOk);
        oracle.Compact(at);
    }

    private async Task GrantAsync() => leases.Add((await Store.GrantLeaseAsync(TimeSpan.FromMinutes(5), CancellationToken.None)).Value);

    private async Task RevokeAsync(int index)
    {
        if (index >= leases.Count)
            return;
        Assert.True((await Store.RevokeLeaseAsync(leases[index].Id, CancellationToken.None)).IsOk);
        revision = (await Store.RangeAsync(new RangeQuery(KeyRange.All), CancellationToken.None)).Value.Revision;
        oracle.EndLease(leases[index].Id, revision);
        leases.RemoveAt(index);
    }

    private async Task RepeatAsync()
    {
        if (last is null)
            return;
        var again = Assert.IsType<CommitResult.Decided>(await Store.CommitAsync(last, CancellationToken.None));
        Assert.Equal((true, lastAnswer!.Succeeded, lastAnswer.Revision), (again.Replayed, again.Succeeded, again.Revision));
    }

    private async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        opened = await open();
    }

    private static Transaction WithLease(Transaction transaction, long lease) => transaction with
    {
        Then = [.. transaction.Then.Select(o => o is Operation.Put put ? put with { Lease = lease } : o)],
    };

    private static string Show(OperationResult result) => result is OperationResult.Got got ? "Got " + string.Join(", ", got.Items) : result.ToString()!;
}
