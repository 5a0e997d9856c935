using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Storage;

namespace Holdfast.Node.Operations;

/// <summary>Removes what nobody needs any more: packages, operations of long ago, and how documents were before.</summary>
internal sealed class Housekeeping(ServiceCatalog catalog, WantedReleases wanted, PackageCollector collector, ChangeGate gate, IShares shares, IStore store, TimeProvider time)
{
    // So that a watch is never overtaken, history is kept from one round to the next.
    private long watched;

    /// <summary>After an operation's end: its service may have let go of a package.</summary>
    public async Task<Outcome<Done>> CollectAsync(CancellationToken cancel)
    {
        using var turn = await gate.EnterAsync(cancel);
        var listed = await catalog.ListAsync(cancel);
        if (!listed.TryGet(out var listing))
            return Outcome.Failed<Done>(listed.Problems);
        wanted.Keep(listing.Entries);
        var collected = await collector.CollectAsync(listing, cancel);
        return collected.IsOk ? Outcome.Done : Outcome.Failed<Done>(collected.Problems);
    }

    /// <summary>Now and then.</summary>
    public async Task<Outcome<Done>> TidyAsync(CancellationToken cancel)
    {
        if (!shares.Conducts)
            return Outcome.Done;
        var past = await catalog.ListPastAsync(cancel);
        if (!past.TryGet(out var read))
            return Outcome.Failed<Done>(past.Problems);
        var surplus = OperationRetention.Surplus(read.Found.Select(operation => operation.Value), time.GetUtcNow());
        foreach (var some in surplus.Chunk(StoreLimits.Steps))
        {
            var forgotten = await catalog.CommitAsync(some.Aggregate(new CatalogChange(), (change, operation) => change.ForgetPast(operation)), cancel);
            if (!forgotten.IsOk)
                return Outcome.Failed<Done>(forgotten.Problems);
        }

        var compacted = watched > 0 ? await store.CompactAsync(watched, cancel) : Outcome.Done;
        if (compacted.IsOk)
            watched = read.Revision;
        return compacted;
    }
}
