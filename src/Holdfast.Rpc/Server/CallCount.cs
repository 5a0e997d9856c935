namespace Holdfast.Rpc.Server;

/// <summary>Counts the calls under way, and says when there are none.</summary>
internal sealed class CallCount
{
    private readonly Lock mutex = new();
    private TaskCompletionSource? none;
    private int count;

    public Task WhenNone
    {
        get
        {
            lock (mutex)
            {
                if (count == 0) return Task.CompletedTask;
                none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return none.Task;
            }
        }
    }

    public void Enter()
    {
        lock (mutex) count++;
    }

    public void Leave()
    {
        lock (mutex)
        {
            if (--count > 0) return;
            none?.SetResult();
            none = null;
        }
    }
}
