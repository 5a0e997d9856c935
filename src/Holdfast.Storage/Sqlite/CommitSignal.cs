namespace Holdfast.Storage.Sqlite;

/// <summary>Wakes every watcher when something was committed. Take <see cref="Next"/> before looking, so that nothing is missed in between.</summary>
internal sealed class CommitSignal
{
    private TaskCompletionSource next = New();

    public Task Next => Volatile.Read(ref next).Task;

    public void Raise() => Interlocked.Exchange(ref next, New()).SetResult();

    // Watchers go on elsewhere, not on the thread that commits.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
