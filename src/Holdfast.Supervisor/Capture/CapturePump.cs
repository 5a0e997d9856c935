using System.Collections.Concurrent;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Capture;

/// <summary>
/// Reads all pipes of all instances: one thread that sleeps until one of them is readable, and one that puts on the disk what was written.
/// Idle pipes cost neither a thread nor a wake-up.
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class CapturePump : IDisposable
{
    private readonly Readiness readiness = Readiness.Create();
    private readonly ConcurrentDictionary<long, CaptureStream> streams = new();
    private readonly ConcurrentQueue<Action> requests = new();
    private readonly CaptureWorkspace workspace = new();
    private readonly Attention attention = new();
    private readonly SyncLoop syncs;
    private readonly TimeProvider time;
    private readonly Thread thread;
    private long lastToken;
    private long turns;
    private volatile bool stopping;
    private Pause? pause;

    public CapturePump(TimeProvider time)
    {
        this.time = time;
        syncs = new(time);
        thread = new(Run) { Name = "capture", IsBackground = true };
        thread.Start();
    }

    /// <summary>How often the reading thread has woken up: it stands still while nothing is written.</summary>
    public long Turns => Interlocked.Read(ref turns);

    /// <summary>Reads the stream from now on, to its end: <see cref="CaptureStream.Ended"/>.</summary>
    public void Add(CaptureStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        syncs.Watch(stream.Output);
        stream.Token = Interlocked.Increment(ref lastToken);
        streams[stream.Token] = stream;
        // The beginning of a line that an earlier image has read is stored after a pause, as any other.
        if (stream.HasPart) Request(() => attention.Add(stream));
        readiness.Add(stream.Pipe.Handle, stream.Token);
    }

    /// <summary>
    /// Waits for the end of the streams of a process tree that is gone, and closes those that do not come to their end within a limit
    /// (somebody outside the tree has the pipe).
    /// </summary>
    /// <returns>Whether all came to their end.</returns>
    public async Task<bool> DrainAsync(IReadOnlyList<CaptureStream> ending, TimeSpan limit)
    {
        var all = Task.WhenAll(ending.Select(stream => stream.Ended));
        using var inTime = new CancellationTokenSource();
        await Task.WhenAny(all, Task.Delay(limit, time, inTime.Token)).ConfigureAwait(false);
        await inTime.CancelAsync().ConfigureAwait(false);
        var drained = all.IsCompleted;
        if (!drained)
        {
            foreach (var stream in ending) Request(() => Abandon(stream));
        }

        await all.ConfigureAwait(false);
        return drained;
    }

    /// <summary>
    /// Reads nothing until <see cref="Thaw"/>: what is written stays in the pipes, and what was read is on the disk when this returns. Meanwhile
    /// the streams are the caller's.
    /// </summary>
    public void Freeze()
    {
        // Most of what is to be put on the disk is put there while reading goes on.
        syncs.Drain();
        var held = pause = new Pause();
        Request(held.Hold);
        held.Begun.Wait();
        syncs.Drain();
    }

    public void Thaw()
    {
        pause?.Over.Set();
        pause = null;
    }

    /// <summary>The instance is forgotten: nothing of it is looked at any more. Dispose it afterwards.</summary>
    public void Forget(OutputCapture output) => syncs.Forget(output);

    /// <summary>Stops reading where it is: what is still in the pipes stays there.</summary>
    public void Dispose()
    {
        stopping = true;
        readiness.Wake();
        thread.Join();
        foreach (var stream in streams.Values) Abandon(stream);
        syncs.Dispose();
        readiness.Dispose();
    }

    private void Request(Action request)
    {
        requests.Enqueue(request);
        readiness.Wake();
    }

    private void Run()
    {
        Span<ReadyEvent> events = stackalloc ReadyEvent[64];
        while (!stopping)
        {
            var count = readiness.Wait(events, attention.Timeout);
            Interlocked.Increment(ref turns);
            while (requests.TryDequeue(out var request)) request();
            foreach (var ready in events[..count])
            {
                if (streams.TryGetValue(ready.Token, out var stream)) After(stream, Read(stream));
            }

            if (attention.IsDue(time.GetTimestamp(), time)) Attend();
        }
    }

    private CaptureStep Read(CaptureStream stream)
    {
        try
        {
            return stream.OnReadable(workspace);
        }
        catch (Exception e)
        {
            // A bug of ours in one stream's output must not end the supervisor, on which every service hangs, nor close the service's pipe.
            return stream.Fail(e);
        }
    }

    private void After(CaptureStream stream, CaptureStep step)
    {
        syncs.Written(stream.Output);
        if (stream.HasPart || stream.Output.NeedsTending) attention.Add(stream);
        if (step == CaptureStep.Ended) Finish(stream);
        if (step != CaptureStep.Held) return;

        // A held pipe stays readable: watched, it would wake us without end. The service waits in its own write.
        readiness.Remove(stream.Pipe.Handle);
        attention.Add(stream);
    }

    private void Attend()
    {
        foreach (var stream in attention.Take())
        {
            try
            {
                if (stream.IsHeld) Resume(stream);
                if (!stream.IsClosed) stream.OnPause(workspace);
                if (stream.Output.NeedsTending) stream.Output.Tend();
            }
            catch (Exception e)
            {
                // As in reading: the stream is given up, the supervisor is not.
                stream.Fail(e);
            }

            syncs.Written(stream.Output);
            if (stream.IsHeld || (stream.HasPart && !stream.IsClosed) || stream.Output.NeedsTending) attention.Add(stream);
        }
    }

    private void Resume(CaptureStream stream)
    {
        switch (stream.Retry())
        {
            case CaptureStep.Ended:
                Finish(stream);
                break;
            case CaptureStep.Read when streams.ContainsKey(stream.Token):
                readiness.Add(stream.Pipe.Handle, stream.Token);
                break;
        }
    }

    private void Finish(CaptureStream stream)
    {
        Unwatch(stream);
        stream.Close();
    }

    private void Abandon(CaptureStream stream)
    {
        Unwatch(stream);
        stream.Abandon(workspace);
        syncs.Written(stream.Output);
    }

    private void Unwatch(CaptureStream stream)
    {
        streams.TryRemove(stream.Token, out _);
        readiness.Remove(stream.Pipe.Handle);
    }

    /// <summary>The reading thread stands still between the two.</summary>
    private sealed class Pause
    {
        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim Over { get; } = new();

        public void Hold()
        {
            Begun.Set();
            Over.Wait();
        }
    }
}
