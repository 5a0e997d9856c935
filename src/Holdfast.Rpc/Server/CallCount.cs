namespace Holdfast.Rpc.Server;

/// <summary>Counts the calls under way, and says when there are none.</summary>
internal sealed class CallCount
{
    private readonly Lock mutex = new();
    private TaskCompletionSource none = Completed();
    private int count;

    public Task WhenNone
    {
        get
        {
            lock (mutex) return none.Task;
        }
    }

    public IDisposable Enter()
    {
        lock (mutex)
        {
            if (count++ == 0) none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Entered(this);
    }

    private void Leave()
    {
        lock (mutex)
        {
            if (--count == 0) none.SetResult();
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private sealed class Entered(CallCount owner) : IDisposable
    {
        private bool left;

        public void Dispose()
        {
            if (left) return;
            left = true;
            owner.Leave();
        }
    }
}
