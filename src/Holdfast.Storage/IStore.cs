using Holdfast.Core.Problems;

namespace Holdfast.Storage;

/// <summary>
/// Where desired state and leadership live. One revision counts the changes of the whole store; every key knows the revisions
/// that made and last changed it. What a call answered is on disk and survives any crash; reads see every commit that was
/// answered before they began. All calls may be made from many threads at once.
/// <para>Every implementation passes the conformance suite (Holdfast.Testing, Storage).</para>
/// </summary>
public interface IStore : IAsyncDisposable
{
    StoreIdentity Identity { get; }

    /// <summary>Reads. Problems: <c>store.compacted</c>, <c>store.future-revision</c>, <c>store.unavailable</c>, <c>store.damaged</c>.</summary>
    Task<Outcome<RangeResult>> RangeAsync(RangeQuery query, CancellationToken cancel);

    /// <summary>
    /// Decides and does a transaction. A cancelled token is heeded only before the work begins
    /// (<see cref="OperationCanceledException"/>: nothing was changed).
    /// </summary>
    Task<CommitResult> CommitAsync(Transaction transaction, CancellationToken cancel);

    /// <summary>
    /// Finds out what became of a request, and if nothing did, makes sure that nothing will.
    /// Only for a request whose commit has answered Unknown, or never answered (a crash): voiding one that has not begun kills it.
    /// </summary>
    Task<Outcome<Settlement>> SettleAsync(string requestId, CancellationToken cancel);

    /// <summary>
    /// All changes of these keys from a revision on (1 or more): in order, each once, without a gap. Ends by the token, which ends the
    /// enumeration quietly, or with a <see cref="WatchBatch.Compacted"/> or <see cref="WatchBatch.Lost"/> as its last batch.
    /// </summary>
    IAsyncEnumerable<WatchBatch> WatchAsync(KeyRange keys, long fromRevision, CancellationToken cancel);

    /// <summary>Problems: <c>store.lease-length</c>.</summary>
    Task<Outcome<Lease>> GrantLeaseAsync(TimeSpan length, CancellationToken cancel);

    /// <summary>
    /// The lease lasts its whole length again. Count its deadline from before this call, not from its answer.
    /// Problems: <c>store.lease-gone</c>: it has ended, and its keys with it.
    /// </summary>
    Task<Outcome<Lease>> KeepLeaseAsync(long lease, CancellationToken cancel);

    /// <summary>How long a lease lasts, without keeping it alive. Problems: <c>store.lease-gone</c>.</summary>
    Task<Outcome<SeenLease>> LookAtLeaseAsync(long lease, CancellationToken cancel);

    /// <summary>Ends the lease and deletes its keys, at one revision. Problems: <c>store.lease-gone</c>.</summary>
    Task<Outcome<Done>> RevokeLeaseAsync(long lease, CancellationToken cancel);

    /// <summary>Forgets how keys were before this revision; what they are now stays. Compacting what is compacted already is done.</summary>
    Task<Outcome<Done>> CompactAsync(long revision, CancellationToken cancel);
}
