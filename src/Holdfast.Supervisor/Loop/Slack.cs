namespace Holdfast.Supervisor.Loop;

/// <summary>
/// Gives back the memory that a burst (a start, a mass restart, many questions) has left behind: by itself the collector would keep it
/// until there is as much again. Only after some quiet, since it stops everything for some milliseconds, and only where there is something
/// to give back: a supervisor that has nothing to do does not wake for it. For the loop's thread.
/// </summary>
internal sealed class Slack
{
    /// <summary>Bytes allocated since the last time that make it worth while.</summary>
    private const long Worth = 2 << 20;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    /// <summary>Where questions never end it is not done more often than this, </summary>
    private static readonly TimeSpan Rarely = TimeSpan.FromMinutes(1);

    /// <summary>unless so much was allocated, as by a mass restart: then it may come as soon as this.</summary>
    private const long Burst = 16 << 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private TimeSpan busy;
    private TimeSpan collected = -Rarely;
    private long allocatedThen;

    /// <summary>An instance ended or is to be started: now is not the time.</summary>
    public void Postpone(TimeSpan now) => busy = now;

    /// <summary>The wait of the loop, cut short where there is something to give back.</summary>
    public TimeSpan Shorten(TimeSpan wait, TimeSpan now)
    {
        if (Allocated < Worth) return wait;
        var left = Next - now;
        if (left < TimeSpan.Zero) left = TimeSpan.Zero;
        return wait < TimeSpan.Zero || left < wait ? left : wait;
    }

    /// <summary>Gives it back, if its time has come.</summary>
    public void GiveBack(TimeSpan now)
    {
        if (now < Next || Allocated < Worth) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        allocatedThen = GC.GetTotalAllocatedBytes();
        collected = now;
    }

    private long Allocated => GC.GetTotalAllocatedBytes() - allocatedThen;

    private TimeSpan Next
    {
        get
        {
            var due = collected + (Allocated >= Burst ? Soon : Rarely);
            return busy + Quiet > due ? busy + Quiet : due;
        }
    }
}
