using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>Says when a supervisor has something new, when its connection ends, and when there is one again.</summary>
internal sealed class SupervisorWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource closing = new();
    private readonly Action changed;
    private readonly Task watching;

    public SupervisorWatch(SupervisorPlace place, TimeProvider time, Action changed)
    {
        this.changed = changed;
        Client = new(place, time);
        watching = WatchAsync(closing.Token);
    }

    public SupervisorClient Client { get; }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Client.DisposeAsync().ConfigureAwait(false);
        closing.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancel)
    {
        await Task.Yield();
        var seen = await Client.WaitForChangeAsync(0, cancel).ConfigureAwait(false);
        changed();
        while (true)
        {
            var loss = Client.WaitForLossAsync(cancel);
            var change = Client.WaitForChangeAsync(seen, cancel);
            if (await Task.WhenAny(change, loss).ConfigureAwait(false) == loss)
            {
                await loss.ConfigureAwait(false);
                changed();
            }

            seen = await change.ConfigureAwait(false);
            changed();
        }
    }
}
