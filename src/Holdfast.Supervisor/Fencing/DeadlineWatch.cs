using Holdfast.Platform;

namespace Holdfast.Supervisor.Fencing;

/// <summary>
/// Kills what acts under a lease at the lease's deadline, from a thread of its own: whatever the loop is doing at that moment, and be it that it waits for a disk (law 4b).
/// It kills again until the loop has taken note, since the loop may have been in the middle of a start. Nothing ticks while nothing acts under a lease.
/// </summary>
internal sealed class DeadlineWatch : IDisposable
{
    /// <summary>A timer of the system's stands still while the machine is suspended: the clock is looked at so often at least.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200), Again = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly ManualResetEventSlim changed = new();
    private readonly Dictionary<long, TimeSpan> deadlines = [];
    private readonly Dictionary<string, (long Lease, HashSet<IContainer> Containers)> acting = new(StringComparer.Ordinal);
    private readonly TimeProvider clock;
    private readonly Action due;
    private readonly Thread thread;
    private bool ending;

    /// <param name="due">Called, on this thread, when a deadline has passed: the loop is to look.</param>
    public DeadlineWatch(TimeProvider clock, Action due)
    {
        (this.clock, this.due) = (clock, due);
        // Only Windows gives a thread that priority; Linux takes no notice.
        thread = new(Run) { IsBackground = true, Name = "deadlines", Priority = ThreadPriority.Highest };
        thread.Start();
    }

    /// <summary>What acts under the lease may act until then; zero: not any more.</summary>
    public void Set(long lease, TimeSpan hardAt)
    {
        lock (gate) deadlines[lease] = hardAt;
        changed.Set();
    }

    /// <summary>Processes of the instance are about to be in the container.</summary>
    public void Add(string instance, long lease, IContainer container)
    {
        lock (gate)
        {
            if (!acting.TryGetValue(instance, out var known) || known.Lease != lease) acting[instance] = known = (lease, []);
            known.Containers.Add(container);
        }

        changed.Set();
    }

    /// <summary>Nothing of the instance runs.</summary>
    public void Remove(string instance)
    {
        lock (gate) acting.Remove(instance);
    }

    public void Dispose()
    {
        lock (gate) ending = true;
        changed.Set();
        thread.Join();
        changed.Dispose();
    }

    private static void Kill(IContainer container)
    {
        try
        {
            container.KillFromAnywhere();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The container is being removed, or the kernel refuses for now. It stays in the list, and is killed again in a moment: this thread must not end by it.
        }
    }

    private TimeSpan Now => clock.GetElapsedTime(0, clock.GetTimestamp());

    private void Run()
    {
        while (true)
        {
            changed.Reset();
            List<IContainer> late = [];
            TimeSpan? wait = null;
            lock (gate)
            {
                if (ending) return;
                var now = Now;
                foreach (var (lease, containers) in acting.Values)
                {
                    // One whose lease was never told of runs as it did before this process was what it is: it is the loop's to judge.
                    if (!deadlines.TryGetValue(lease, out var at)) continue;
                    if (at <= now) late.AddRange(containers);
                    else if (!(wait <= at - now)) wait = at - now;
                }

                // Under the lock: what is added next, under another lease, may be in the same container, and must not meet a kill that is still under way.
                foreach (var container in late) Kill(container);
            }

            if (late.Count > 0) due();
            if (late.Count > 0) changed.Wait(Again);
            else if (wait is { } left) changed.Wait(left < LookEvery ? left : LookEvery);
            else changed.Wait();
        }
    }
}
