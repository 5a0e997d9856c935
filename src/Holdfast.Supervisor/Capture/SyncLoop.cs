namespace Holdfast.Supervisor.Capture;

/// <summary>
/// Puts captured output on the disk, on a thread of its own: a slow disk delays reading only when much is unsynced. What was
/// written is synced about 100 ms after its first line or after 1 MiB, many instances in one round; once a minute it lets each instance rotate and retire by age.
/// </summary>
internal sealed class SyncLoop : IDisposable
{
    private readonly object gate = new();
    private readonly HashSet<OutputCapture> watched = [];
    private readonly Thread thread;
    private readonly TimeProvider time;
    private long maintained;
    private HashSet<OutputCapture> dirty = [];
    private bool hurried;
    private bool syncing;
    private bool stopping;

    public SyncLoop(TimeProvider time)
    {
        this.time = time;
        maintained = time.GetTimestamp();
        thread = new(Run) { Name = "capture-sync", IsBackground = true };
        thread.Start();
    }

    public void Watch(OutputCapture output)
    {
        lock (gate) watched.Add(output);
    }

    public void Forget(OutputCapture output)
    {
        lock (gate)
        {
            watched.Remove(output);
            dirty.Remove(output);
        }
    }

    /// <summary>Something was written.</summary>
    public void Written(OutputCapture output)
    {
        var bytes = output.UnsyncedBytes;
        if (bytes == 0) return;
        lock (gate)
        {
            var first = dirty.Add(output) && dirty.Count == 1;
            var hurry = bytes >= CaptureLimits.SyncBytes && !hurried;
            hurried |= hurry;
            if (first || hurry) Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until all that was written before is on the disk.</summary>
    public void Drain()
    {
        lock (gate)
        {
            while (dirty.Count > 0 || syncing)
            {
                hurried = true;
                Monitor.PulseAll(gate);
                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Syncs what is left, and ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }

        thread.Join();
    }

    private void Run()
    {
        while (WaitForWork() is { } due)
        {
            foreach (var output in due) output.Sync();
            Rest();
            if (time.GetElapsedTime(maintained) < CaptureLimits.Maintenance) continue;
            maintained = time.GetTimestamp();
            foreach (var output in Watched()) output.Maintain();
        }
    }

    /// <summary>What is to be synced; empty now and then; null at the end.</summary>
    private HashSet<OutputCapture>? WaitForWork()
    {
        lock (gate)
        {
            if (dirty.Count == 0 && !stopping) Monitor.Wait(gate, CaptureLimits.Maintenance);
            if (dirty.Count == 0) return stopping ? null : [];

            // The first unsynced line begins the time; what is written meanwhile comes along.
            if (!stopping && !hurried) Monitor.Wait(gate, CaptureLimits.SyncAfter);
            hurried = false;
            syncing = true;
            var due = dirty;
            dirty = [];
            return due;
        }
    }

    private void Rest()
    {
        lock (gate)
        {
            syncing = false;
            Monitor.PulseAll(gate);
        }
    }

    private OutputCapture[] Watched()
    {
        lock (gate) return [.. watched];
    }
}
