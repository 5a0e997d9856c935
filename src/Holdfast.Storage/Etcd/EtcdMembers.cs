using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;

namespace Holdfast.Storage.Etcd;

/// <summary>
/// The members of one etcd, the last good one first. A call is tried at one after the other until one judges it or the time is over; every answer is held against
/// what was seen before, so that another etcd, or the same one put back, is noticed.
/// </summary>
internal sealed class EtcdMembers : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<EtcdMember> members;
    private readonly EtcdOptions options;
    private readonly TimeProvider time;
    private int preferred;
    private long seen;
    private ulong cluster;
    private Problem? broken;

    public EtcdMembers(EtcdOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        members = [.. options.Endpoints.Select(e => new EtcdMember(e, options, time))];
    }

    /// <summary>Why nothing this store answers would hold any more; null: it does.</summary>
    public Problem? Broken => Volatile.Read(ref broken);

    /// <summary>Of the etcd that answers; 0 before the first answer.</summary>
    public ulong Cluster => Volatile.Read(ref cluster);

    public IReadOnlyList<EtcdMember> All => members;

    public EtcdMember Preferred => members[Volatile.Read(ref preferred)];

    private string Names => string.Join(", ", members.Select(m => m.Endpoint.Authority));

    /// <summary>The one after a member that failed.</summary>
    public EtcdMember After(EtcdMember failed)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (ReferenceEquals(members[i], failed)) return members[(i + 1) % members.Count];
        }

        return members[0];
    }

    /// <summary>Says that nothing below this revision can be an answer: it was seen, now or before the node's last start.</summary>
    public void Remember(long revision)
    {
        for (var known = Volatile.Read(ref seen); revision > known;)
        {
            var before = Interlocked.CompareExchange(ref seen, revision, known);
            if (before == known) return;
            known = before;
        }
    }

    /// <summary>A call that reads or writes keys: its answer holds all that was answered before it began.</summary>
    public async Task<EtcdReply<T>> CallAsync<T>(Func<EtcdConnection, CallOptions, Task<T>> call, Func<T, Wire.ResponseHeader> header, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        var pause = FirstPause;
        var member = Preferred;
        var mayHaveHappened = false;
        var older = new HashSet<EtcdMember>();
        for (var attempt = 1; ; attempt++)
        {
            if (Broken is { } why) return new EtcdReply<T>.Refusal(StatusCode.DataLoss, why, mayHaveHappened);
            cancel.ThrowIfCancellationRequested();
            var floor = Volatile.Read(ref seen);
            var (answer, failure, code) = await TryAsync(member, call, cancel);
            if (failure is null && See(member, header(answer!), floor) is { } strange)
            {
                failure = strange;
                older.Add(member);
                // What was asked for may have been done, in a past that no longer counts or a present that this member does not see.
                mayHaveHappened = true;
                if (attempt > members.Count && older.Count == members.Count) Break(EtcdFailure.WentBack(Names, header(answer!).Revision, floor));
            }

            if (failure is null)
            {
                Prefer(member);
                return new EtcdReply<T>.Answer(answer!, mayHaveHappened);
            }

            mayHaveHappened |= failure.MayHaveHappened;
            if (failure.Advice != EtcdAdvice.GoOn) return new EtcdReply<T>.Refusal(code, failure.Problem, mayHaveHappened);
            if (time.GetElapsedTime(start) + pause >= options.CallTimeout) return new EtcdReply<T>.Silence(failure.Problem, mayHaveHappened);
            member = After(member);
            if (attempt % members.Count != 0) continue;
            await Task.Delay(pause, time, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>
    /// A call that only etcd's leader answers, whoever is asked (leases). Members are asked one beside the other, each a little later than the one before: who renews
    /// a lease has no time to wait for a silent one.
    /// </summary>
    public async Task<EtcdReply<T>> RaceAsync<T>(Func<EtcdConnection, CallOptions, Task<T>> call, Func<T, Wire.ResponseHeader> header, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = new List<Task<EtcdReply<T>>>();
        var member = Preferred;
        EtcdReply<T>? last = null;
        var begun = 0;
        while (begun < members.Count || running.Count > 0)
        {
            if (begun < members.Count)
            {
                begun++;
                running.Add(OnceAsync(member, call, header, stop.Token));
                member = After(member);
            }

            var next = Task.WhenAny(running);
            var ended = begun < members.Count ? await WithinAsync(next, options.LeaseStagger) : await next;
            if (ended is null) continue;
            running.Remove(ended);
            last = await ended;
            if (last is not EtcdReply<T>.Silence) break;
        }

        await stop.CancelAsync();
        await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        return last!;
    }

    /// <summary>The etcd's revision now; the answer holds all that was answered before.</summary>
    /// <param name="key">One that may be read.</param>
    public Task<EtcdReply<Wire.RangeResponse>> RevisionAsync(Google.Protobuf.ByteString key, CancellationToken cancel) =>
        CallAsync((c, o) => c.Kv.RangeAsync(new() { Key = key, CountOnly = true }, o), r => r.Header, cancel);

    /// <summary>Of one member.</summary>
    public async Task<(string? Value, EtcdFailure? Failure)> VersionAsync(EtcdMember member, CancellationToken cancel)
    {
        var (answer, failure, _) = await TryAsync(member, (c, o) => c.Maintenance.StatusAsync(new(), o), cancel);
        return (answer?.Version, failure);
    }

    /// <summary>Holds a header against what is known of the etcd. Null: it fits.</summary>
    /// <param name="floor">The answer is no good if it is of an earlier revision; 0 for answers that may be late.</param>
    public EtcdFailure? See(EtcdMember member, Wire.ResponseHeader header, long floor)
    {
        var known = Interlocked.CompareExchange(ref cluster, header.ClusterId, 0);
        if (known != 0 && known != header.ClusterId)
        {
            Break(EtcdFailure.Exchanged(member.Endpoint, header.ClusterId, known));
            return new(EtcdAdvice.GiveUp, Broken!, false);
        }

        if (header.Revision < floor) return EtcdFailure.Older(member.Endpoint, header.Revision, floor);
        Remember(header.Revision);
        return null;
    }

    public void Dispose()
    {
        foreach (var member in members) member.Dispose();
    }

    private async Task<EtcdReply<T>> OnceAsync<T>(EtcdMember member, Func<EtcdConnection, CallOptions, Task<T>> call, Func<T, Wire.ResponseHeader> header, CancellationToken cancel)
    {
        if (Broken is { } why) return new EtcdReply<T>.Refusal(StatusCode.DataLoss, why, false);
        var (answer, failure, code) = await TryAsync(member, call, cancel);
        failure ??= See(member, header(answer!), 0);
        if (failure is null)
        {
            Prefer(member);
            return new EtcdReply<T>.Answer(answer!, false);
        }

        return failure.Advice == EtcdAdvice.GoOn
            ? new EtcdReply<T>.Silence(failure.Problem, failure.MayHaveHappened)
            : new EtcdReply<T>.Refusal(code, failure.Problem, failure.MayHaveHappened);
    }

    private async Task<(T? Answer, EtcdFailure? Failure, StatusCode Code)> TryAsync<T>(
        EtcdMember member, Func<EtcdConnection, CallOptions, Task<T>> call, CancellationToken cancel)
    {
        for (var again = false; ; again = true)
        {
            if (await LogInAsync(member, again, cancel) is { } refused) return (default, refused, StatusCode.Unauthenticated);
            var connection = member.Connection;
            try
            {
                return (await call(connection, member.Options(options.AttemptTimeout, cancel)), null, StatusCode.Ok);
            }
            catch (RpcException e) when (!cancel.IsCancellationRequested)
            {
                if (e.Status.Code == StatusCode.DeadlineExceeded) member.Leave(connection);
                var failure = EtcdFailure.Of(e, member.Endpoint);
                if (failure.Advice != EtcdAdvice.LogInAgain || again || options.Login is null) return (default, failure, e.Status.Code);
            }
            catch (RpcException e)
            {
                throw new OperationCanceledException(e.Message, e, cancel);
            }
        }
    }

    /// <summary>Null: nothing stands in the way.</summary>
    /// <param name="again">Even if there is a token: it was not taken.</param>
    public async Task<EtcdFailure?> LogInAsync(EtcdMember member, bool again, CancellationToken cancel)
    {
        if (options.Login is not { } login || (member.LoggedIn && !again)) return null;
        try
        {
            await member.LogInAsync(login, options.AttemptTimeout, cancel);
            return null;
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return EtcdFailure.OfLogIn(e, member.Endpoint);
        }
        catch (RpcException e)
        {
            throw new OperationCanceledException(e.Message, e, cancel);
        }
    }

    private async Task<TTask?> WithinAsync<TTask>(Task<TTask> task, TimeSpan patience)
        where TTask : class
    {
        try
        {
            return await task.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private void Prefer(EtcdMember member)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (ReferenceEquals(members[i], member)) Volatile.Write(ref preferred, i);
        }
    }

    private void Break(Problem problem) => Interlocked.CompareExchange(ref broken, problem, null);
}
