using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>flock(2): bound to the open file, which nobody inherits, so it ends with the process.</summary>
[SupportedOSPlatform("linux")]
internal static class PosixFileLock
{
    public static Outcome<FileLock> TryTake(string path, TimeProvider time)
    {
        var descriptor = Libc.Open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0x180);
        if (descriptor < 0)
            return new Problem(ProblemKind.Failed, "lock.failed", $"Cannot open the lock file {path}: {Errno.Describe(Errno.Last)}.");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Libc.Lock(handle, Libc.LOCK_EX | Libc.LOCK_NB) < 0)
        {
            var errno = Errno.Last;
            using (handle)
            {
                return errno == Errno.EAGAIN
                    ? Held(path, handle)
                    : new Problem(ProblemKind.Failed, "lock.failed", $"Cannot lock {path}: {Errno.Describe(errno)}.");
            }
        }

        var content = Encoding.ASCII.GetBytes($"{Environment.ProcessId} {time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\n");
        RandomAccess.SetLength(handle, 0);
        RandomAccess.Write(handle, content, 0);
        return new FileLock(handle);
    }

    private static Problem Held(string path, SafeFileHandle handle)
    {
        // The holder may be between taking the lock and writing its name: then it is held by somebody unnamed.
        var buffer = new byte[128];
        var words = Encoding.ASCII.GetString(buffer, 0, RandomAccess.Read(handle, buffer, 0)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var holder = words.Length >= 2 ? $"PID {words[0]} since {words[1]}" : "another process";
        return new(ProblemKind.Conflict, "lock.held", $"{path} is held by {holder}.");
    }
}
