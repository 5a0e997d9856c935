using System.Collections.Concurrent;

namespace Holdfast.Supervisor.Loop;

/// <summary>How other threads reach the loop: by leaving work for it, and waking it.</summary>
internal sealed class Inbox(Action wake)
{
    private readonly ConcurrentQueue<Action> work = new();

    public void Post(Action action)
    {
        work.Enqueue(action);
        wake();
    }

    /// <summary>Does what is there now; false: nothing was.</summary>
    public bool Empty()
    {
        var any = false;
        for (var count = work.Count; count > 0 && work.TryDequeue(out var action); count--)
        {
            action();
            any = true;
        }

        return any;
    }
}
