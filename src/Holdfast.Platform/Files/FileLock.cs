using Holdfast.Core.Problems;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>
/// A lock that one process holds and that the kernel releases when it dies, however it dies. The file says who holds it;
/// it is never removed, so nobody can lock one that is being replaced.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly SafeFileHandle handle;

    internal FileLock(SafeFileHandle handle) => this.handle = handle;

    /// <returns>Or a Conflict problem <c>lock.held</c> that names the holder's PID and since when.</returns>
    public static Outcome<FileLock> TryTake(string path, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        return OperatingSystem.IsLinux() ? Linux.PosixFileLock.TryTake(path, time)
            : OperatingSystem.IsWindows() ? Windows.Files.WindowsFileLock.TryTake(path, time)
            : throw Unsupported.Here("file locks");
    }

    /// <summary>
    /// The same, tried again for a while: a process that is just being born has what its parent had open until it notices, and so holds the lock of one that
    /// was killed that moment.
    /// </summary>
    /// <param name="patience">How long it may be held.</param>
    public static async Task<Outcome<FileLock>> TakeAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(time);
        var began = time.GetTimestamp();
        while (true)
        {
            var taken = TryTake(path, time);
            if (taken.IsOk || taken.Problems[0].Kind != ProblemKind.Conflict || time.GetElapsedTime(began) >= patience) return taken;
            await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>To keep over <see cref="NextImage"/>.</summary>
    public SafeFileHandle Handle => handle;

    /// <summary>The lock that this process's earlier image held.</summary>
    public static FileLock TakeOver(SafeFileHandle handle) => new(handle);

    public void Dispose() => handle.Dispose();
}
