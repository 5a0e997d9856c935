using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Storage.Etcd;

/// <summary>A watch that outlives its streams: where one breaks, the next goes on at another member, from the revision after the last that was told.</summary>
internal sealed class EtcdWatch(EtcdMembers members, EtcdKeys keys, KeyRange range, long from, EtcdOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(1);

    private readonly WatchAssembly assembly = new(keys, from);
    private EtcdMember member = members.Preferred;
    private EtcdWatchStream? stream;
    private bool progressIsTrue;
    private TimeSpan pause = FirstPause;
    private long lastHeard = time.GetTimestamp();

    /// <exception cref="OperationCanceledException">The token said so.</exception>
    public async Task<WatchBatch> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (members.Broken is { } broken) return new WatchBatch.Lost(broken);
            var (batch, failure) = await StepAsync(cancel);
            if (batch is not null) return batch;
            if (failure is null) continue;
            Drop();
            if (failure.Advice == EtcdAdvice.GiveUp || time.GetElapsedTime(lastHeard) > options.CallTimeout) return new WatchBatch.Lost(failure.Problem);
            member = members.After(member);
            await Task.Delay(pause, time, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    public void Dispose() => Drop();

    private async Task<(WatchBatch? Batch, EtcdFailure? Failure)> StepAsync(CancellationToken cancel)
    {
        try
        {
            if (stream is null && await BeginAsync(cancel) is { } refused) return (null, refused);
            return await TakeAsync(await stream!.ReadAsync(), cancel);
        }
        catch (RpcException e)
        {
            cancel.ThrowIfCancellationRequested();
            if (stream is { WentSilent: true }) member.Leave(stream.Connection);
            var failure = EtcdFailure.Of(e, member.Endpoint);
            return failure.Advice == EtcdAdvice.LogInAgain ? (null, await members.LogInAsync(member, again: true, cancel) ?? failure) : (null, failure);
        }
    }

    /// <summary>Null: it has begun.</summary>
    private async Task<EtcdFailure?> BeginAsync(CancellationToken cancel)
    {
        var version = await members.VersionAsync(member, cancel);
        if (version.Failure is { } failure) return failure;
        progressIsTrue = EtcdVersions.ProgressIsTrue(version.Value!);
        stream = await EtcdWatchStream.BeginAsync(member, keys, range, assembly.Next, options.WatchSilence, time, cancel);
        return null;
    }

    private async Task<(WatchBatch? Batch, EtcdFailure? Failure)> TakeAsync(Wire.WatchResponse response, CancellationToken cancel)
    {
        if (members.See(member, response.Header, 0) is { } strange) return (null, strange);
        if (response.Canceled && response.CompactRevision > 0) return (new WatchBatch.Compacted(response.CompactRevision), null);
        if (response.Canceled) return (null, EtcdFailure.Of(new RpcException(StatusCode.Unavailable, $"the watch was ended: {response.CancelReason}"), member.Endpoint));
        if (response.Created && response.Header.Revision < assembly.Told)
        {
            // It lags, or the etcd was put back: then it would be silent until it has caught up, and what comes before would never be told. A reading tells which.
            var now = await members.RevisionAsync(keys.Identity, cancel);
            return (null, now is EtcdReply<Wire.RangeResponse>.Refusal refusal
                ? new EtcdFailure(EtcdAdvice.GiveUp, refusal.Problem, false)
                : EtcdFailure.Older(member.Endpoint, response.Header.Revision, assembly.Told));
        }

        (lastHeard, pause) = (time.GetTimestamp(), FirstPause);
        return (assembly.Take(response, progressIsTrue), null);
    }

    private void Drop()
    {
        stream?.Dispose();
        stream = null;
        assembly.BeginAgain();
    }
}
