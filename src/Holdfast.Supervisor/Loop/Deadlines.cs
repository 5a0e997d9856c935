namespace Holdfast.Supervisor.Loop;

/// <summary>
/// When which instance is due. One wait serves all of them, and nothing ticks while nothing is due. Entries that were
/// replaced stay in the queue until their time and are passed over then.
/// </summary>
internal sealed class Deadlines
{
    private readonly PriorityQueue<(Keeper Keeper, TimeSpan At), TimeSpan> queue = new();

    public void Set(Keeper keeper, TimeSpan? at)
    {
        if (keeper.Due == at) return;
        keeper.Due = at;
        if (at is { } due) queue.Enqueue((keeper, due), due);
    }

    /// <summary>How long until something is due.</summary>
    public TimeSpan UntilNext(TimeSpan now)
    {
        while (queue.TryPeek(out var entry, out var at))
        {
            if (entry.Keeper.Due == at) return at > now ? at - now : TimeSpan.Zero;
            queue.Dequeue();
        }

        return Timeout.InfiniteTimeSpan;
    }

    public bool TryTake(TimeSpan now, out Keeper keeper)
    {
        while (queue.TryPeek(out var entry, out var at) && at <= now)
        {
            queue.Dequeue();
            if (entry.Keeper.Due != at) continue;
            keeper = entry.Keeper;
            keeper.Due = null;
            return true;
        }

        keeper = null!;
        return false;
    }
}
