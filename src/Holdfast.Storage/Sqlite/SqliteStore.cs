using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Microsoft.Data.Sqlite;

namespace Holdfast.Storage.Sqlite;

/// <summary>
/// The store of a single node: one SQLite file in WAL mode, every commit synced before it is answered. One process at a time
/// (the agent, under its lock).
/// </summary>
public sealed partial class SqliteStore : IStore
{
    /// <summary>About so many changes in one batch of a watch.</summary>
    private const int BatchChanges = 256;

    private readonly SqliteReaders readers;
    private readonly SqliteWriter writer;
    private readonly LeaseClock leases;
    private readonly CommitSignal committed = new();
    private readonly CancellationTokenSource closing = new();
    private Task expiry = Task.CompletedTask;

    private SqliteStore(string path, StoreIdentity identity, SqliteSession session, SqliteOptions options, TimeProvider time)
    {
        Path = path;
        Identity = identity;
        readers = new SqliteReaders(path, options.BusyTimeout);
        writer = new SqliteWriter(path, session, options, time);
        leases = new LeaseClock(time, EndLeases);
        foreach (var lease in session.Rows("SELECT id, seconds FROM lease", row => new Lease(row.GetInt64(0), TimeSpan.FromSeconds(row.GetInt64(1)))))
            leases.Begin(lease);
    }

    public string Path { get; }

    public StoreIdentity Identity { get; }

    public Task<Outcome<RangeResult>> RangeAsync(RangeQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Task.Run(() => Reading(session => Range(session, query)), cancel);
    }

    public async Task<CommitResult> CommitAsync(Transaction transaction, CancellationToken cancel)
    {
        if (TransactionCheck.Find(transaction) is { } problem)
            return new CommitResult.Failed(problem);
        var written = await writer.WriteAsync(
            session =>
            {
                var result = SqliteWriting.Run(session, transaction, leases.Lives);
                return (result, result is CommitResult.Decided);
            },
            cancel);
        if (written.Doubtful)
            return new CommitResult.Unknown(transaction.RequestId, written.Outcome.Problems[0]);
        if (!written.Outcome.TryGet(out var result))
            return new CommitResult.Failed(written.Outcome.Problems[0]);
        if (result is CommitResult.Decided { Replayed: false })
            committed.Raise();
        return result;
    }

    public async Task<Outcome<Settlement>> SettleAsync(string requestId, CancellationToken cancel) =>
        (await writer.WriteAsync(session => (SqliteRequests.Settle(session, requestId), true), cancel)).Outcome;

    public async IAsyncEnumerable<WatchBatch> WatchAsync(KeyRange keys, long fromRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromRevision, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, closing.Token);
        var from = fromRevision;
        while (!cancel.IsCancellationRequested)
        {
            var next = committed.Next;
            var batch = closing.IsCancellationRequested
                ? new WatchBatch.Lost(StoreProblem.Unavailable("it was closed"))
                : await Task.Run(() => NextBatch(keys, from), CancellationToken.None);
            if (batch is not WatchBatch.Changes changes)
            {
                yield return batch;
                yield break;
            }

            // History up to here was looked at, whether it held anything of this range or not: compaction may take it.
            from = Math.Max(from, changes.Revision + 1);
            if (changes.Items.Count > 0)
                yield return changes;
            else
                await next.WaitAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<Outcome<Lease>> GrantLeaseAsync(TimeSpan length, CancellationToken cancel)
    {
        if (length < StoreLimits.ShortestLease || length > StoreLimits.LongestLease)
            return StoreProblem.LeaseLength(length);
        var seconds = (long)Math.Ceiling(length.TotalSeconds);
        var lease = new Lease(NewLeaseId(), TimeSpan.FromSeconds(seconds));
        var written = await writer.WriteAsync(
            session => (session.Execute("INSERT INTO lease (id, seconds) VALUES (?1, ?2)", lease.Id, seconds), true), cancel);
        if (!written.Outcome.IsOk)
            return Outcome.Failed<Lease>(written.Outcome.Problems);
        leases.Begin(lease);
        return lease;
    }

    public Task<Outcome<Lease>> KeepLeaseAsync(long lease, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<Outcome<Lease>>(leases.Keep(lease) is { } kept ? kept : StoreProblem.LeaseGone(lease));
    }

    public Task<Outcome<SeenLease>> LookAtLeaseAsync(long lease, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<Outcome<SeenLease>>(leases.Look(lease) is { } seen ? seen : StoreProblem.LeaseGone(lease));
    }

    public async Task<Outcome<Done>> RevokeLeaseAsync(long lease, CancellationToken cancel)
    {
        if (!leases.Lives(lease))
            return StoreProblem.LeaseGone(lease);
        var ended = await EndLeaseAsync(lease, cancel);
        return ended.Then(_ => Outcome.Done);
    }

    public async Task<Outcome<Done>> CompactAsync(long revision, CancellationToken cancel)
    {
        var written = await writer.WriteAsync<Outcome<Done>>(
            session =>
            {
                var current = SqliteReading.Revision(session);
                if (revision > current)
                    return (StoreProblem.FutureRevision(revision, current), false);
                var behind = revision > SqliteReading.Compacted(session);
                if (behind)
                    SqliteCompaction.Run(session, revision);
                return (Outcome.Done, behind);
            },
            cancel);
        return written.Outcome.Then(done => done);
    }

    /// <summary>Ends watches, waits for what is being written, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested)
            return;
        await closing.CancelAsync();
        leases.Dispose();
        await expiry;
        // The writer last: only a connection that may write brings the log into the file when it is the last to close.
        readers.Dispose();
        await writer.DisposeAsync();
    }

    private static long NewLeaseId() => 1 + (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 2);

    private static Outcome<RangeResult> Range(SqliteSession session, RangeQuery query)
    {
        var current = SqliteReading.Revision(session);
        var compacted = SqliteReading.Compacted(session);
        var revision = query.Revision > 0 ? query.Revision : current;
        if (revision > current)
            return StoreProblem.FutureRevision(revision, current);
        if (revision < compacted)
            return StoreProblem.Compacted(revision, compacted);
        var items = SqliteReading.Range(session, query.Keys, revision, query.Limit);
        var limited = query.Limit > 0 && items.Count == query.Limit;
        var count = limited ? SqliteReading.Count(session, query.Keys, revision) : items.Count;
        return new RangeResult(current, items, count > items.Count, count);
    }

    private WatchBatch NextBatch(KeyRange keys, long from)
    {
        var read = Reading<WatchBatch>(session =>
        {
            var compacted = SqliteReading.Compacted(session);
            if (from < compacted)
                return new WatchBatch.Compacted(compacted);
            var changes = SqliteReading.Changes(session, keys, from, BatchChanges);
            var upTo = changes.Count > 0 ? changes[^1].Item.ModRevision : SqliteReading.Revision(session);
            return new WatchBatch.Changes(upTo, changes);
        });
        return read.IsOk ? read.Value : new WatchBatch.Lost(read.Problems[0]);
    }

    private Outcome<T> Reading<T>(Func<SqliteSession, Outcome<T>> reading)
    {
        try
        {
            return readers.Read(reading);
        }
        catch (Exception e) when (SqliteFailure.IsExpected(e))
        {
            return SqliteFailure.ToProblem(e, Path);
        }
        catch (ObjectDisposedException)
        {
            return StoreProblem.Unavailable("it was closed");
        }
    }

    private async Task<Outcome<bool>> EndLeaseAsync(long lease, CancellationToken cancel)
    {
        var written = await writer.WriteAsync(
            session =>
            {
                SqliteWriting.EndLease(session, lease);
                return (true, true);
            },
            cancel);
        if (written.Outcome.IsOk)
        {
            leases.Remove(lease);
            committed.Raise();
        }

        return written.Outcome;
    }

    // Called by a timer. Its failures are those of the disk: the lease stays ended, and its keys are deleted as soon as that can be written.
    private void EndLeases() => expiry = Task.Run(async () =>
    {
        foreach (var lease in leases.Ended())
            await EndLeaseAsync(lease, CancellationToken.None);
        if (!closing.IsCancellationRequested)
            leases.Rearm();
    });
}
