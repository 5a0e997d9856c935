using System.Runtime.InteropServices;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Fencing;

/// <summary>
/// Kills what acts under a lease at the lease's deadline, from a thread of its own: whatever the loop is doing at that moment, and be it that it waits for a disk (law 4b).
/// It kills again until the loop has taken note, since the loop may have been in the middle of a start. Nothing ticks while nothing acts under a lease. Where the machine has a watchdog, the same thread
/// pets it: it stands still where this thread does.
/// </summary>
internal sealed class DeadlineWatch : IDisposable
{
    /// <summary>A timer of the system's stands still while the machine is suspended: the clock is looked at so often at least.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200), Again = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly ManualResetEventSlim changed = new();
    private readonly Dictionary<long, TimeSpan> deadlines = [];
    private readonly Dictionary<long, TimeSpan> resets = [];
    private readonly Dictionary<string, (long Lease, HashSet<IContainer> Containers)> acting = new(StringComparer.Ordinal);
    private readonly TimeProvider clock;
    private readonly Action due;
    private readonly MachineWatchdog? watchdog;
    private readonly Thread thread;
    private bool ending;

    /// <param name="due">Called, on this thread, when a deadline has passed: the loop is to look.</param>
    /// <param name="watchdog">Owned by this from now on; null: the machine's is not for this supervisor.</param>
    public DeadlineWatch(TimeProvider clock, Action due, MachineWatchdog? watchdog = null)
    {
        (this.clock, this.due, this.watchdog) = (clock, due, watchdog);
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

    /// <summary>The lease was extended. The watchdog that its agent wants is tried where nothing acts, and may be petted where something does.</summary>
    public void Order(long lease, WatchdogOrder? order)
    {
        if (watchdog is null) return;
        lock (gate)
        {
            if (order is null) resets.Remove(lease);
            else if (!resets.TryGetValue(lease, out var before) || before < order.ResetAt) resets[lease] = order.ResetAt;
            watchdog.Order(order);
            if (acting.Count == 0) watchdog.Try();
        }

        changed.Set();
    }

    /// <summary>How it stands with the watchdog; null: none is wanted.</summary>
    public WatchdogReport? Watchdog
    {
        get
        {
            lock (gate) return watchdog?.Report;
        }
    }

    /// <summary>The instance is about to act: it counts as acting from now on, and the watchdog is armed. Why it must wait; null: it need not, or there is no watchdog.</summary>
    public string? WhyNotAct(string instance, long lease)
    {
        if (watchdog?.Report is null) return null;
        lock (gate)
        {
            if (watchdog.WhyNotAct(EarliestReset(lease) ?? TimeSpan.Zero) is { } why) return why;
            if (!acting.TryGetValue(instance, out var known) || known.Lease != lease) acting[instance] = (lease, []);
        }

        changed.Set();
        return null;
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

    /// <summary>It is proven that nothing is in the instance's containers: there is nothing to kill. What it does next may put something there again.</summary>
    public void Empty(string instance)
    {
        lock (gate)
        {
            if (acting.TryGetValue(instance, out var known)) known.Containers.Clear();
        }
    }

    /// <summary>Nothing of the instance runs, and nothing is about to.</summary>
    public void Remove(string instance)
    {
        lock (gate)
        {
            if (!acting.Remove(instance)) return;
        }

        changed.Set();
    }

    /// <summary>What the next image must know of the watchdog; null: none is armed. As long as the loop stands still it stays so.</summary>
    public WatchdogHandover? HandOver()
    {
        lock (gate)
        {
            watchdog?.Look(EarliestReset(null));
            return watchdog?.HandOver() is { } armed ? armed with { ResetsAt = resets.ToDictionary() } : null;
        }
    }

    /// <summary>What must stay open of it.</summary>
    public SafeHandle? Handle
    {
        get
        {
            lock (gate) return watchdog?.Handle;
        }
    }

    /// <summary>Goes on with what the image before has armed. What acts was added before: nothing disarms it in between.</summary>
    public void TakeOver(WatchdogHandover earlier)
    {
        lock (gate)
        {
            foreach (var (lease, at) in earlier.ResetsAt) resets[lease] = at;

            watchdog?.TakeOver(earlier, WatchdogDevice.TakeOver(earlier.Descriptor));
        }

        changed.Set();
    }

    public void Dispose()
    {
        lock (gate) ending = true;
        changed.Set();
        thread.Join();
        // Nothing acts: the loop ends when nothing runs.
        if (acting.Count == 0) watchdog?.Look(null);
        watchdog?.Dispose();
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

    /// <summary>By when the machine must have been reset, for all that acts, and for what is about to under the lease; null: nothing acts. What was never told of may not be saved by a pet.</summary>
    private TimeSpan? EarliestReset(long? lease)
    {
        TimeSpan? earliest = null;
        foreach (var one in acting.Values.Select(known => known.Lease).Concat(lease is { } begins ? [begins] : []))
        {
            var at = resets.GetValueOrDefault(one);
            if (!(earliest <= at)) earliest = at;
        }

        return earliest;
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
                // After that: a device that hangs must not hold up a kill. Where it does, it resets the machine.
                if (watchdog?.Look(EarliestReset(null)) is { } look && !(wait <= look - now)) wait = look - now;
            }

            if (late.Count > 0) due();
            if (late.Count > 0) changed.Wait(Again);
            else if (wait is { } left) changed.Wait(left < TimeSpan.Zero ? TimeSpan.Zero : left < LookEvery ? left : LookEvery);
            else changed.Wait();
        }
    }
}
