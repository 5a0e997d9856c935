using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Platform;

namespace Holdfast.Node.Backups;

/// <summary>
/// Where a home is put together before it gets its name: beside it, on the same volume, under a name of its own and a lock. What a
/// restore that was killed left there, the next one removes.
/// </summary>
internal sealed class RestoreStaging : IDisposable
{
    private const string Suffix = ".restoring";

    private readonly FileLock held;

    private RestoreStaging(string folder, FileLock held)
    {
        Folder = folder;
        this.held = held;
    }

    public string Folder { get; }

    /// <summary>Becomes the home.</summary>
    public Home Home => new(Path.Combine(Folder, "home"));

    /// <summary>Problems: <c>lock.held</c>: somebody restores into the same home.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static Outcome<RestoreStaging> Open(Home target, TimeProvider time)
    {
        var folder = target.Path.TrimEnd(Path.DirectorySeparatorChar) + Suffix;
        return FolderRights.Ensure(folder, FolderRights.OwnerOnly)
            .Then(_ => FileLock.TryTake(Path.Combine(folder, "lock"), time))
            .Then(held =>
            {
                var staging = new RestoreStaging(folder, held);
                staging.Empty();
                return Outcome.Of(staging);
            });
    }

    public void Dispose()
    {
        Empty();
        // Under the lock, so that nobody has just begun in it.
        Directory.Delete(Folder, recursive: true);
        held.Dispose();
    }

    private void Empty()
    {
        foreach (var inner in Directory.EnumerateDirectories(Folder)) StoreFolder.Delete(inner);
        foreach (var file in Directory.EnumerateFiles(Folder).Where(file => Path.GetFileName(file) != "lock")) File.Delete(file);
    }
}
