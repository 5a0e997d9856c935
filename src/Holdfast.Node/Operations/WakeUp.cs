namespace Holdfast.Node.Operations;

/// <summary>Calls a waiting loop. Calls that come while it works are one call when it waits again: none is lost.</summary>
internal sealed class WakeUp(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim called = new(0, 1);
    private readonly Lock gate = new();

    public void Call()
    {
        lock (gate)
        {
            if (called.CurrentCount == 0)
                called.Release();
        }
    }

    /// <summary>Returns when called, or after so long; zero or less returns at once.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancel)
    {
        if (longest <= TimeSpan.Zero)
            return;
        using var timeout = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            await called.WaitAsync(both.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or to end: the caller's loop knows which.
        }
    }

    public void Dispose() => called.Dispose();
}
