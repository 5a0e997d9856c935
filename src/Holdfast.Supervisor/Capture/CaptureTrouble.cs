using Holdfast.Core.Problems;

namespace Holdfast.Supervisor.Capture;

/// <summary>Knows since when output cannot be written, tells it once, and tells once when it is over.</summary>
internal sealed class CaptureTrouble(ICaptureObserver observer, CaptureCounts counts, TimeProvider time)
{
    private long since;
    private long lastFailure;
    private long? heldSince;
    private (long Lines, long Bytes, TimeSpan Blocked) before;

    public Problem? Current { get; private set; }

    public bool IsOn => Current is not null;

    /// <summary>The part of <see cref="CaptureCounts.Blocked"/> that is not over.</summary>
    public TimeSpan BlockedNow => heldSince is { } start ? time.GetElapsedTime(start) : TimeSpan.Zero;

    /// <summary>Takes what a write came to; what is to be told, if anything, is for the caller to do outside its lock.</summary>
    public Action? After(Problem? problem, bool holds = false)
    {
        if (problem is null) return Succeeded();
        lastFailure = time.GetTimestamp();
        if (holds) heldSince ??= lastFailure;
        var isNew = Current is null;
        Current = problem;
        if (!isNew) return null;
        since = lastFailure;
        before = (counts.LinesDropped, counts.BytesDropped, counts.Blocked);
        return () => observer.Trouble(problem);
    }

    public void Tell(Problem problem) => observer.Trouble(problem);

    private Action? Succeeded()
    {
        if (heldSince is not null)
        {
            counts.Blocked += BlockedNow;
            heldSince = null;
        }

        if (Current is null || time.GetElapsedTime(lastFailure) < CaptureLimits.Calm) return null;
        Current = null;
        var recovery = new CaptureRecovery(
            counts.LinesDropped - before.Lines, counts.BytesDropped - before.Bytes, counts.Blocked - before.Blocked, time.GetElapsedTime(since));
        return () => observer.Recovered(recovery);
    }
}
