using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Loop;

/// <summary>
/// The standard input of one instance's process, and what operators want to put in. A frame is written whole before the next one begins. Nothing waits here: what the
/// process does not read stays with us, one frame of each who sends, and the wait for room is a part of the loop's.
/// </summary>
/// <param name="token">Of the wait for room.</param>
internal sealed class InstanceInput(string instance, long token, IProcessHost host) : IDisposable
{
    /// <summary>The waits of all instances have this token and those above it.</summary>
    public const long FirstToken = 1L << 40;

    private readonly Queue<InputFrame> frames = new();
    private PipeFeed? feed;
    private bool waits;
    private bool wasClosed;

    /// <summary>To be kept open for the next image; null: there is none.</summary>
    public SafeHandle? Handle => feed?.Handle;

    /// <summary>Makes the pipe of a process that is about to be started.</summary>
    /// <returns>The child's end. Dispose it when the child has its own.</returns>
    /// <exception cref="IOException">No descriptors or memory are left.</exception>
    public SafeHandle Open()
    {
        End();
        var pipe = InputPipe.Create();
        Use(pipe.Feed);
        return pipe.ChildEnd;
    }

    public void Use(PipeFeed pipe) => (feed, wasClosed) = (pipe, false);

    /// <summary>Writes it, as soon as those before it are written. <paramref name="frame"/>'s answer is called once: now, or later.</summary>
    /// <param name="runs">Whether there is a process at all.</param>
    public void Take(InputFrame frame, bool runs)
    {
        if (feed is null)
        {
            frame.Answer(new Taken(0, !runs ? InputProblems.NotRunning(instance) : wasClosed ? InputProblems.NotRead(instance) : InputProblems.AtEnd(instance)));
            return;
        }

        frames.Enqueue(frame);
        if (!waits) GoOn();
    }

    /// <summary>There may be room.</summary>
    public void GoOn()
    {
        while (feed is { } pipe && frames.TryPeek(out var frame))
        {
            FeedResult given;
            try
            {
                given = pipe.Write(frame.Left);
            }
            catch (IOException)
            {
                given = new(FeedState.Closed);
            }

            if (given.State == FeedState.Full && Wait()) return;
            if (given.State != FeedState.Taken)
            {
                wasClosed = true;
                Close(InputProblems.NotRead(instance));
                return;
            }

            frame.Written += given.Bytes;
            if (!frame.Left.IsEmpty || (frame.Ends && pipe.Write([]).State == FeedState.Full)) continue;
            frames.Dequeue();
            frame.Answer(new Taken(frame.Written));
            if (!frame.Ends) continue;
            Close(InputProblems.AtEnd(instance));
            return;
        }

        StopWaiting();
    }

    /// <summary>Who sent it goes: what is not written yet never is.</summary>
    public void Withdraw(object sender)
    {
        for (var left = frames.Count; left > 0; left--)
        {
            var frame = frames.Dequeue();
            if (frame.Sender == sender) frame.Answer(new Taken(frame.Written, InputProblems.Withdrawn(instance)));
            else frames.Enqueue(frame);
        }

        if (frames.Count == 0) StopWaiting();
    }

    /// <summary>Its process has ended.</summary>
    public void End() => Close(InputProblems.Ended(instance));

    public InputHandover? HandOver() => feed is null ? null : new()
    {
        Descriptor = (int)feed.Handle.DangerousGetHandle(),
        Rest = frames.TryPeek(out var begun) && begun.Written > 0 ? begun.Left.ToArray() : [],
        Ends = frames.TryPeek(out var first) && first is { Written: > 0, Ends: true },
    };

    public void TakeOver(InputHandover earlier)
    {
        Use(PipeFeed.TakeOver(NextImage.Take(earlier.Descriptor)));
        if (earlier.Rest.Length > 0 || earlier.Ends) Take(new InputFrame(this, earlier.Rest, earlier.Ends, _ => { }), runs: true);
    }

    public void Dispose() => End();

    private void Close(Problem why)
    {
        StopWaiting();
        feed?.Dispose();
        feed = null;
        while (frames.TryDequeue(out var frame)) frame.Answer(new Taken(frame.Written, why));
    }

    /// <summary>False: it cannot be waited for, and so not be used any more.</summary>
    private bool Wait()
    {
        try
        {
            if (!waits) host.WatchForWriting(feed!.Handle, token);
            return waits = true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void StopWaiting()
    {
        if (!waits) return;
        host.Unwatch(feed!.Handle);
        waits = false;
    }
}

/// <summary>Bytes that somebody wants to be written.</summary>
/// <param name="sender">Who: <see cref="InstanceInput.Withdraw"/>.</param>
/// <param name="ends">The input is to end behind them.</param>
/// <param name="answer">Told once what has become of them.</param>
internal sealed class InputFrame(object sender, byte[] bytes, bool ends, Action<Taken> answer)
{
    public object Sender => sender;

    public bool Ends => ends;

    public Action<Taken> Answer => answer;

    public int Written { get; set; }

    public ReadOnlySpan<byte> Left => bytes.AsSpan(Written);
}
