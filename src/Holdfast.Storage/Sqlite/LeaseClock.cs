namespace Holdfast.Storage.Sqlite;

/// <summary>
/// When leases end. Deadlines are monotonic and only in memory: after a restart every lease has its whole length again,
/// since nobody could keep it alive meanwhile.
/// </summary>
internal sealed class LeaseClock : IDisposable
{
    /// <summary>No timer waits longer than this, and none that failed is tried again sooner than this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly Dictionary<long, Running> leases = [];
    private readonly TimeProvider time;
    private readonly ITimer timer;

    /// <param name="ended">Called without a lock held, when some lease has reached its deadline.</param>
    public LeaseClock(TimeProvider time, Action ended)
    {
        this.time = time;
        timer = time.CreateTimer(_ => ended(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Begin(Lease lease)
    {
        lock (gate)
        {
            leases[lease.Id] = new Running(lease, time.GetTimestamp());
            Arm();
        }
    }

    /// <summary>Null: it has ended.</summary>
    public Lease? Keep(long id)
    {
        lock (gate)
        {
            if (!leases.TryGetValue(id, out var running) || Left(running) <= TimeSpan.Zero)
                return null;
            leases[id] = running with { Since = time.GetTimestamp() };
            return running.Lease;
        }
    }

    /// <summary>Null: it has ended.</summary>
    public SeenLease? Look(long id)
    {
        lock (gate)
            return leases.TryGetValue(id, out var running) && Left(running) is var left && left > TimeSpan.Zero ? new(running.Lease, left) : null;
    }

    public bool Lives(long id)
    {
        lock (gate)
            return leases.TryGetValue(id, out var running) && Left(running) > TimeSpan.Zero;
    }

    public void Remove(long id)
    {
        lock (gate)
            leases.Remove(id);
    }

    /// <summary>Those that have reached their deadline; each until it is removed.</summary>
    public IReadOnlyList<long> Ended()
    {
        lock (gate)
            return [.. leases.Values.Where(r => Left(r) <= TimeSpan.Zero).Select(r => r.Lease.Id)];
    }

    /// <summary>Sets the timer for the next deadline; after those of <see cref="Ended"/> were dealt with.</summary>
    public void Rearm()
    {
        lock (gate)
            Arm();
    }

    public void Dispose() => timer.Dispose();

    private void Arm()
    {
        if (leases.Count == 0)
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var next = leases.Values.Min(Left);
        timer.Change(next <= TimeSpan.Zero ? Pause : next < LongestWait ? next : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Left(Running running) => running.Lease.Length - time.GetElapsedTime(running.Since);

    private readonly record struct Running(Lease Lease, long Since);
}
