namespace Holdfast.Segments.Reading;

/// <summary>Wakes a reader when files of a folder change. Where the system gives no such word, it wakes it after a short time all the same.</summary>
internal sealed class GrowthWatch : IDisposable
{
    // Notifications may be lost or not be had at all (too many watches, network file systems): a bound, not the mechanism.
    private static readonly TimeSpan WithNotifications = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WithoutNotifications = TimeSpan.FromMilliseconds(100);

    private readonly string path;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private FileSystemWatcher? watcher;
    private TaskCompletionSource changed = NewSignal();

    public GrowthWatch(string path, TimeProvider time)
    {
        (this.path, this.time) = (path, time);
        watcher = TryWatch();
    }

    /// <summary>Returns at the next change since the last return.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        watcher ??= TryWatch();
        using var poll = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var delay = Task.Delay(watcher is null ? WithoutNotifications : WithNotifications, time, poll.Token);
        await Task.WhenAny(Signal(), delay).ConfigureAwait(false);
        await poll.CancelAsync().ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (changed.Task.IsCompleted) changed = NewSignal();
        }
    }

    public void Dispose() => watcher?.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Signal()
    {
        lock (gate) return changed.Task;
    }

    private void Set()
    {
        lock (gate) changed.TrySetResult();
    }

    private FileSystemWatcher? TryWatch()
    {
        if (!Directory.Exists(path)) return null;
        FileSystemWatcher? made = null;
        try
        {
            made = new(path, "*" + SegmentName.Extension) { NotifyFilter = NotifyFilters.Size | NotifyFilters.FileName | NotifyFilters.LastWrite };
            made.Changed += (_, _) => Set();
            made.Created += (_, _) => Set();
            made.Error += (_, _) => Set();
            made.EnableRaisingEvents = true;
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            made?.Dispose();
            return null;
        }
    }
}
