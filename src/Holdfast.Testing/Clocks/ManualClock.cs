namespace Holdfast.Testing.Clocks;

/// <summary>Time that passes only when a test says so. Timers that become due run on the thread that advances it, in the order they are due.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private TimeSpan elapsed;
    private TimeSpan stepped;

    public ManualClock()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return start + elapsed + stepped;
    }

    public override long GetTimestamp()
    {
        lock (gate)
            return elapsed.Ticks;
    }

    /// <summary>Sets the wall clock forward or back, as an operator or NTP does: monotonic time and timers do not move.</summary>
    public void StepWall(TimeSpan by)
    {
        lock (gate)
            stepped += by;
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (gate)
            target = elapsed + by;
        while (NextDue(target) is { } timer)
            timer.Run();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves time to the next timer that is due by the target, or to the target.</summary>
    private Timer? NextDue(TimeSpan target)
    {
        lock (gate)
        {
            var next = timers.Where(t => t.Due <= target).MinBy(t => t.Due);
            if (next is null)
            {
                elapsed = target > elapsed ? target : elapsed;
                return null;
            }

            elapsed = next.Due > elapsed ? next.Due : elapsed;
            next.Reschedule();
            return next;
        }
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock.elapsed + dueTime;
                period = newPeriod;
                clock.timers.Add(this);
                return true;
            }
        }

        public void Reschedule()
        {
            if (period > TimeSpan.Zero)
                Due += period;
            else
                clock.timers.Remove(this);
        }

        public void Run() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
