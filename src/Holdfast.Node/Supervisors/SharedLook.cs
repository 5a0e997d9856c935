namespace Holdfast.Node.Supervisors;

/// <summary>Looks at all instances for many who ask at once: one look serves all that have asked before it began, so however many ask, supervisors answer one at a time.</summary>
/// <param name="observe">Looks once.</param>
internal sealed class SharedLook(Func<Task<Observation>> observe)
{
    private readonly Lock gate = new();
    private Task running = Task.CompletedTask;
    private Task<Observation>? next;

    /// <summary>What is there at a moment after this call.</summary>
    /// <param name="cancel">Ends the waiting, not the look.</param>
    public Task<Observation> ObserveAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            next ??= LookAsync(running);
            return next.WaitAsync(cancel);
        }
    }

    private async Task<Observation> LookAsync(Task before)
    {
        // Whoever asks until it begins gets its answer: it is to be known as the next one first.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
            (running, next) = (next!, null);
        return await observe();
    }
}
