namespace Holdfast.Supervisor.Capture;

/// <summary>The streams that want to be looked at though nothing is readable: unfinished lines, held lines, trouble. Usually there are none.</summary>
internal sealed class Attention
{
    private HashSet<CaptureStream> waiting = [];
    private HashSet<CaptureStream> taken = [];
    private long lastTaken;

    /// <summary>How long the reading thread may sleep.</summary>
    public TimeSpan Timeout => waiting.Count == 0 ? System.Threading.Timeout.InfiniteTimeSpan : CaptureLimits.Retry;

    public void Add(CaptureStream stream) => waiting.Add(stream);

    /// <summary>Looking at them is due, however busy the pipes are.</summary>
    public bool IsDue(long now, TimeProvider time) => waiting.Count > 0 && time.GetElapsedTime(lastTaken, now) >= CaptureLimits.Retry && Mark(now);

    /// <summary>All of them; who wants to be looked at again is added again.</summary>
    public IEnumerable<CaptureStream> Take()
    {
        (waiting, taken) = (taken, waiting);
        waiting.Clear();
        return taken;
    }

    private bool Mark(long now)
    {
        lastTaken = now;
        return true;
    }
}
