using Holdfast.Rpc;
using Holdfast.Rpc.Client;

namespace Holdfast.Storage.Etcd;

/// <summary>
/// One watch on one member. That a stream is open proves nothing: who is silent is asked for a sign of life, and who stays silent is given up
/// (vip-manager#194: a watch hung for 15 minutes; dotnet-etcd#264: dead after a cut of 10 s).
/// </summary>
internal sealed class EtcdWatchStream : IDisposable
{
    private readonly DuplexCall<Wire.WatchRequest, Wire.WatchResponse> call;
    private readonly TimeSpan silence;
    private readonly TimeProvider time;
    private Task<bool>? reading;

    private EtcdWatchStream(EtcdConnection connection, DuplexCall<Wire.WatchRequest, Wire.WatchResponse> call, TimeSpan silence, TimeProvider time)
    {
        Connection = connection;
        this.call = call;
        this.silence = silence;
        this.time = time;
    }

    public EtcdConnection Connection { get; }

    /// <summary>Nothing came for too long: the connection itself is in doubt.</summary>
    public bool WentSilent { get; private set; }

    /// <exception cref="RpcException">It could not be begun.</exception>
    public static async Task<EtcdWatchStream> BeginAsync(
        EtcdMember member, EtcdKeys keys, KeyRange range, long from, TimeSpan silence, TimeProvider time, CancellationToken cancel)
    {
        var (key, end) = keys.Of(range);
        var connection = member.Connection;
        var stream = new EtcdWatchStream(connection, connection.Watches.Watch(member.Options(null, cancel)), silence, time);
        try
        {
            // From one revision earlier, whose changes are passed over: of the revision that was compacted itself, etcd has forgotten the deletions (etcd#18089), and
            // only who watches from before it is told that it was.
            var create = new Wire.WatchCreateRequest { Key = key, RangeEnd = end, StartRevision = Math.Max(1, from - 1), ProgressNotify = true, Fragment = true };
            await stream.WriteAsync(new() { CreateRequest = create });
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The next answer.</summary>
    /// <exception cref="RpcException">There is none: it ended, or was silent too long.</exception>
    public async Task<Wire.WatchResponse> ReadAsync()
    {
        reading ??= call.MoveNext(CancellationToken.None);
        if (!await AnswersAsync())
        {
            await WriteAsync(new() { ProgressRequest = new() });
            WentSilent = !await AnswersAsync();
            if (WentSilent) throw new RpcException(StatusCode.Unavailable, $"the watch was silent for {silence * 2}");
        }

        var more = await reading;
        reading = null;
        return more ? call.Current! : throw new RpcException(StatusCode.Unavailable, "the watch ended");
    }

    public void Dispose()
    {
        call.Dispose();
        // Its end is this one's doing.
        reading?.ContinueWith(static r => r.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task WriteAsync(Wire.WatchRequest request)
    {
        try
        {
            // A connection that takes nothing more would let this wait for ever.
            await call.WriteAsync(request).WaitAsync(silence, time);
        }
        catch (TimeoutException e)
        {
            WentSilent = true;
            throw new RpcException(new RpcStatus(StatusCode.Unavailable, $"the watch could not be written to for {silence}"), inner: e);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await reading!.WaitAsync(silence, time).ConfigureAwait(ConfigureAwaitOptions.None);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
