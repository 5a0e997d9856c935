using System.Runtime.CompilerServices;
using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Storage.Etcd;

/// <summary>
/// The store of several nodes: an etcd, spoken to over its v3 API. Every commit carries its request's id into the etcd and is repeated until it is judged, at
/// whatever member answers, so that an answer that was lost is found and nothing is done twice. Several processes at a time.
/// </summary>
public sealed partial class EtcdStore : IStore
{
    /// <summary>So many keys in one answer.</summary>
    private const int Page = 1000;

    private readonly EtcdOptions options;
    private readonly TimeProvider time;
    private readonly EtcdKeys layout;
    private readonly EtcdMembers members;
    private readonly EtcdMemory memory;
    private readonly CancellationTokenSource closing = new();

    private EtcdStore(EtcdOptions options, StoreIdentity identity, EtcdMembers members, IReadOnlyList<string> warnings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        this.members = members;
        layout = new EtcdKeys(options.Cluster);
        memory = new EtcdMemory(members, time, closing.Token);
        Identity = identity;
        Warnings = warnings;
    }

    public StoreIdentity Identity { get; }

    /// <summary>What its users must know of the etcd's version, each a clause.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public async Task<Outcome<RangeResult>> RangeAsync(RangeQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await UntilClosedAsync(stop => ReadPagesAsync(query, stop), cancel);
    }

    public async Task<CommitResult> CommitAsync(Transaction transaction, CancellationToken cancel)
    {
        if (TransactionCheck.Find(transaction) is { } problem) return new CommitResult.Failed(problem);
        cancel.ThrowIfCancellationRequested();
        try
        {
            return await CommitAsync(transaction);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return new CommitResult.Unknown(transaction.RequestId, Closed);
        }
    }

    public Task<Outcome<Settlement>> SettleAsync(string requestId, CancellationToken cancel) => UntilClosedAsync<Settlement>(async stop =>
    {
        for (var again = false; ; again = true)
        {
            var lease = await memory.LeaseAsync(stop);
            if (!lease.IsOk) return Outcome.Failed<Settlement>(lease.Problems);
            var request = EtcdTransactions.Settle(requestId, layout, lease.Value);
            var reply = await members.CallAsync((c, o) => c.Kv.TxnAsync(request, o), r => r.Header, stop);
            if (reply is EtcdReply<Wire.TxnResponse>.Answer answer) return EtcdTransactions.Settled(answer.Message);
            if (again || reply is not EtcdReply<Wire.TxnResponse>.Refusal { Code: StatusCode.NotFound }) return ProblemOf(reply);
            memory.Forget(lease.Value);
        }
    }, cancel);

    public async IAsyncEnumerable<WatchBatch> WatchAsync(KeyRange keys, long fromRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromRevision, 1);
        using var stop = Stopping(cancel);
        using var watch = new EtcdWatch(members, layout, keys, fromRevision, options, time);
        while (await NextAsync(watch, stop.Token, cancel) is { } batch)
        {
            yield return batch;
            if (batch is not WatchBatch.Changes) yield break;
        }
    }

    public async Task<Outcome<Lease>> GrantLeaseAsync(TimeSpan length, CancellationToken cancel) =>
        length < StoreLimits.ShortestLease || length > StoreLimits.LongestLease
            ? StoreProblem.LeaseLength(length)
            : await UntilClosedAsync(stop => EtcdMemory.GrantAsync(members, EtcdMemory.NewLeaseId(), length, stop), cancel);

    public Task<Outcome<Lease>> KeepLeaseAsync(long lease, CancellationToken cancel) => UntilClosedAsync<Lease>(async stop =>
    {
        var reply = await members.RaceAsync((c, o) => KeepAsync(c, o, lease), r => r.Header, stop);
        return reply switch
        {
            EtcdReply<Wire.LeaseKeepAliveResponse>.Answer { Message.TTL: > 0 } answer => new Lease(lease, TimeSpan.FromSeconds(answer.Message.TTL)),
            EtcdReply<Wire.LeaseKeepAliveResponse>.Answer => StoreProblem.LeaseGone(lease),
            EtcdReply<Wire.LeaseKeepAliveResponse>.Refusal { Code: StatusCode.NotFound } => StoreProblem.LeaseGone(lease),
            _ => ProblemOf(reply),
        };
    }, cancel);

    public Task<Outcome<SeenLease>> LookAtLeaseAsync(long lease, CancellationToken cancel) => UntilClosedAsync(stop => EtcdMemory.LookAsync(members, lease, stop), cancel);

    public Task<Outcome<Done>> RevokeLeaseAsync(long lease, CancellationToken cancel) => UntilClosedAsync(async stop =>
    {
        var reply = await members.CallAsync((c, o) => c.Leases.LeaseRevokeAsync(new() { ID = lease }, o), r => r.Header, stop);
        return reply switch
        {
            EtcdReply<Wire.LeaseRevokeResponse>.Answer => Outcome.Done,
            // An attempt before may be what ended it.
            EtcdReply<Wire.LeaseRevokeResponse>.Refusal { Code: StatusCode.NotFound, Repeated: true } => Outcome.Done,
            EtcdReply<Wire.LeaseRevokeResponse>.Refusal { Code: StatusCode.NotFound } => StoreProblem.LeaseGone(lease),
            _ => ProblemOf(reply),
        };
    }, cancel);

    public Task<Outcome<Done>> CompactAsync(long revision, CancellationToken cancel) => UntilClosedAsync<Done>(async stop =>
    {
        var reply = await members.CallAsync((c, o) => c.Kv.CompactAsync(new() { Revision = revision }, o), r => r.Header, stop);
        if (reply is EtcdReply<Wire.CompactionResponse>.Answer) return Outcome.Done;
        if (reply is not EtcdReply<Wire.CompactionResponse>.Refusal { Code: StatusCode.OutOfRange }) return ProblemOf(reply);
        // Either it is compacted already, or it has not happened yet.
        var current = await RevisionAsync(stop);
        if (!current.IsOk) return Outcome.Failed<Done>(current.Problems);
        return revision > current.Value ? StoreProblem.FutureRevision(revision, current.Value) : Outcome.Done;
    }, cancel);

    /// <summary>Ends watches and what is under way, and closes the connections. Leases go on until their end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested) return;
        await closing.CancelAsync();
        members.Dispose();
    }

    private static Problem Closed => StoreProblem.Unavailable("it was closed");

    private static Problem ProblemOf<T>(EtcdReply<T> reply) => reply switch
    {
        EtcdReply<T>.Refusal refusal => refusal.Problem,
        EtcdReply<T>.Silence silence => silence.Problem,
        _ => throw new InvalidOperationException($"No problem: {reply}"),
    };

    private static async Task<Wire.LeaseKeepAliveResponse> KeepAsync(EtcdConnection connection, Rpc.Client.CallOptions options, long lease)
    {
        using var call = connection.Leases.LeaseKeepAlive(options);
        await call.WriteAsync(new() { ID = lease });
        call.EndWriting();
        return await call.MoveNext(CancellationToken.None) ? call.Current! : throw new RpcException(StatusCode.Unavailable, "the renewal was not answered");
    }

    private async Task<CommitResult> CommitAsync(Transaction transaction)
    {
        var mayHaveHappened = false;
        for (var again = false; ; again = true)
        {
            var lease = await memory.LeaseAsync(closing.Token);
            if (!lease.IsOk) return Undecided(lease.Problems[0]);
            var request = EtcdTransactions.Commit(transaction, layout, lease.Value);
            var reply = await members.CallAsync((c, o) => c.Kv.TxnAsync(request, o), r => r.Header, closing.Token);
            if (reply is EtcdReply<Wire.TxnResponse>.Answer answer) return EtcdTransactions.Result(transaction, answer.Message, layout);
            mayHaveHappened |= reply.Repeated;
            if (again || reply is not EtcdReply<Wire.TxnResponse>.Refusal { Code: StatusCode.NotFound }) return Undecided(ProblemOf(reply));
            // A lease is not known there: one of the transaction's, or the one of the records. With another of these, the request is still the same.
            if (await GoneLeaseAsync(transaction) is { } gone) return Undecided(gone);
            memory.Forget(lease.Value);
        }

        CommitResult Undecided(Problem problem) => mayHaveHappened ? new CommitResult.Unknown(transaction.RequestId, problem) : new CommitResult.Failed(problem);
    }

    /// <summary>Which of the transaction's leases etcd does not know; null: it was the one of the records.</summary>
    private async Task<Problem?> GoneLeaseAsync(Transaction transaction)
    {
        foreach (var lease in transaction.Then.Concat(transaction.Else).OfType<Operation.Put>().Select(p => p.Lease).Where(l => l != 0).Distinct())
        {
            var found = await EtcdMemory.FindAsync(members, lease, closing.Token);
            if (!found.IsOk) return found.Problems[0];
        }

        return null;
    }

    private async Task<Outcome<RangeResult>> ReadPagesAsync(RangeQuery query, CancellationToken cancel)
    {
        var items = new List<KeyValue>();
        var (key, end) = layout.Of(query.Keys);
        var request = new Wire.RangeRequest { Key = key, RangeEnd = end, Revision = query.Revision };
        Wire.RangeResponse? first = null;
        while (true)
        {
            request.Limit = query.Limit == 0 ? Page : Math.Min(Page, query.Limit - items.Count);
            var reply = await members.CallAsync((c, o) => c.Kv.RangeAsync(request, o), r => r.Header, cancel);
            if (reply is not EtcdReply<Wire.RangeResponse>.Answer { Message: var page })
                return reply is EtcdReply<Wire.RangeResponse>.Refusal { Code: StatusCode.OutOfRange } ? await OutOfRangeAsync(query.Keys, request.Revision, cancel) : ProblemOf(reply);
            first ??= page;
            items.AddRange(page.Kvs.Select(layout.From));
            if (!page.More || items.Count == query.Limit) break;
            // The pages after the first show the same moment.
            request.Revision = query.Revision != 0 ? query.Revision : first.Header.Revision;
            request.Key = layout.Of(new Bytes([.. items[^1].Key.Span, 0]));
        }

        return new RangeResult(first.Header.Revision, items, first.Count > items.Count, first.Count);
    }

    private async Task<Outcome<RangeResult>> OutOfRangeAsync(KeyRange range, long revision, CancellationToken cancel)
    {
        var current = await RevisionAsync(cancel);
        if (!current.IsOk) return Outcome.Failed<RangeResult>(current.Problems);
        if (revision > current.Value) return StoreProblem.FutureRevision(revision, current.Value);
        // Etcd says what its oldest revision is only to who watches from before it. A member that has not compacted yet would wait for changes.
        using var patience = new CancellationTokenSource(options.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        using var watch = new EtcdWatch(members, layout, range, revision, options, time);
        var told = await NextAsync(watch, either.Token, cancel);
        cancel.ThrowIfCancellationRequested();
        return told is WatchBatch.Compacted compacted
            ? StoreProblem.Compacted(revision, compacted.Oldest)
            : StoreProblem.Unavailable($"its answers on revision {revision} contradict each other");
    }

    private async Task<Outcome<long>> RevisionAsync(CancellationToken cancel)
    {
        var reply = await members.RevisionAsync(layout.Identity, cancel);
        return reply is EtcdReply<Wire.RangeResponse>.Answer answer ? answer.Message.Header.Revision : ProblemOf(reply);
    }

    /// <summary>Null: the reader has had enough.</summary>
    private static async Task<WatchBatch?> NextAsync(EtcdWatch watch, CancellationToken stop, CancellationToken cancel)
    {
        try
        {
            return await watch.NextAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return cancel.IsCancellationRequested ? null : new WatchBatch.Lost(Closed);
        }
    }

    /// <summary>What is under way when the store is closed ends as if it were away.</summary>
    private async Task<Outcome<T>> UntilClosedAsync<T>(Func<CancellationToken, Task<Outcome<T>>> work, CancellationToken cancel)
    {
        using var stop = Stopping(cancel);
        try
        {
            return await work(stop.Token);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return Closed;
        }
    }

    private CancellationTokenSource Stopping(CancellationToken cancel) => CancellationTokenSource.CreateLinkedTokenSource(cancel, closing.Token);
}
