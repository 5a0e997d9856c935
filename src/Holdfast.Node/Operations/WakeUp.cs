namespace Holdfast.Node.Operations;

/// <summary>
/// Calls a waiting loop. Calls that come while it works are one call when it waits again: none is lost. What is only mentioned
/// calls it too, unless it rests.
/// </summary>
internal sealed class WakeUp(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim called = new(0, 1);
    private readonly SemaphoreSlim urgent = new(0, 1);
    private readonly Lock gate = new();

    public void Call()
    {
        lock (gate)
        {
            Set(called);
            Set(urgent);
        }
    }

    /// <summary>There is news that can wait for the end of a rest.</summary>
    public void Mention()
    {
        lock (gate) Set(called);
    }

    /// <summary>Returns when called or told of something, or after so long; zero or less returns at once.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancel)
    {
        await WaitAsync(called, longest, cancel);
        lock (gate)
        {
            // A call that came after the one that ended this wait is still to be seen.
            if (called.CurrentCount == 0)
                urgent.Wait(0, CancellationToken.None);
        }
    }

    /// <summary>Returns when called, or after so long; what is mentioned meanwhile ends the next wait.</summary>
    public Task RestAsync(TimeSpan longest, CancellationToken cancel) => WaitAsync(urgent, longest, cancel);

    public void Dispose()
    {
        called.Dispose();
        urgent.Dispose();
    }

    private static void Set(SemaphoreSlim semaphore)
    {
        if (semaphore.CurrentCount == 0)
            semaphore.Release();
    }

    private async Task WaitAsync(SemaphoreSlim semaphore, TimeSpan longest, CancellationToken cancel)
    {
        if (longest <= TimeSpan.Zero)
            return;
        using var timeout = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            await semaphore.WaitAsync(both.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or to end: the caller's loop knows which.
        }
    }
}
