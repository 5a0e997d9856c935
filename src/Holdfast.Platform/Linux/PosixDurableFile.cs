using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static unsafe class PosixDurableFile
{
    private static int writes;

    public static Outcome<Done> Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var folder = FolderOf(path);
        // Unique among processes and threads, so that two writers never share one; hidden, so that nobody lists it as a file.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}-{Interlocked.Increment(ref writes)}{DurableFolder.UnfinishedSuffix}");
        var descriptor = Libc.Open(temporary, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0x180);
        if (descriptor < 0)
            return Failed(path, "create a file beside it", Errno.Last);
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Fill(file, content, mode) is var (step, errno) && errno != 0)
            return Abandon(temporary, path, step, errno);
        if (Libc.Rename(temporary, path) < 0)
            return Abandon(temporary, path, "rename", Errno.Last);
        return SyncOf(folder) is var syncErrno and not 0 ? Failed(path, "sync the folder", syncErrno) : Outcome.Done;
    }

    public static Outcome<Done> Delete(string path)
    {
        if (Libc.Unlink(path) < 0)
            return Errno.Last == Errno.ENOENT ? Outcome.Done : Failed(path, "remove", Errno.Last);
        return SyncOf(FolderOf(path)) is var errno and not 0 ? Failed(path, "sync the folder", errno) : Outcome.Done;
    }

    public static void SyncFolder(string folder)
    {
        if (SyncOf(folder) is var errno and not 0)
            throw Errno.Failure($"sync the folder {folder}", errno);
    }

    public static void SyncAll(string folder)
    {
        if (SyncOf(folder, wholeFileSystem: true) is var errno and not 0)
            throw Errno.Failure($"sync what is in {folder}", errno);
    }

    private static (string Step, int Errno) Fill(SafeFileHandle file, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        while (!content.IsEmpty)
        {
            fixed (byte* from = content)
            {
                var count = Libc.Write(file, from, (nuint)content.Length);
                if (count >= 0)
                    content = content[(int)count..];
                else if (Errno.Last != Errno.EINTR)
                    return ("write", Errno.Last);
            }
        }

        if (Libc.ChangeMode(file, (uint)mode) < 0)
            return ("set the rights", Errno.Last);
        return Libc.Sync(file) < 0 ? ("sync", Errno.Last) : ("", 0);
    }

    private static int SyncOf(string folder, bool wholeFileSystem = false)
    {
        var descriptor = Libc.Open(folder, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
            return Errno.Last;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        return (wholeFileSystem ? Libc.SyncFileSystem(handle) : Libc.Sync(handle)) < 0 ? Errno.Last : 0;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    private static Problem Abandon(string temporary, string path, string step, int errno)
    {
        _ = Libc.Unlink(temporary);
        return Failed(path, step, errno);
    }

    private static Problem Failed(string path, string step, int errno) => errno == Errno.ENOSPC
        ? new(ProblemKind.Failed, "file.no-space", $"No space is left on the disk for {path}.")
        {
            Why = "what was there before is untouched",
            Mend = "free some space and try again",
        }
        : new(ProblemKind.Failed, "file.write-failed", $"Cannot write {path}: {step}: {Errno.Describe(errno)}.");
}
