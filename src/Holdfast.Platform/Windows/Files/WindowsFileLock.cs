using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Files;

/// <summary>
/// LockFileEx on one byte far behind the file's end: Windows' locks forbid reading what they cover, and everybody is to read who holds it.
/// It ends with the process. While anybody has it open the file cannot be removed or renamed.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsFileLock
{
    private const uint FarBehind = 0x40000000;

    public static Outcome<FileLock> TryTake(string path, TimeProvider time)
    {
        var handle = Kernel32.CreateFile(
            path,
            Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE,
            Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE,
            null,
            Kernel32.OPEN_ALWAYS,
            Kernel32.FILE_FLAG_OPEN_REPARSE_POINT,
            0);
        if (handle.IsInvalid) return new Problem(ProblemKind.Failed, "lock.failed", $"Cannot open the lock file {path}: {Win32Error.Describe(Win32Error.Last)}.");
        var where = new Kernel32.Overlapped { OffsetHigh = FarBehind };
        if (!Kernel32.LockFileEx(handle, Kernel32.LOCKFILE_EXCLUSIVE_LOCK | Kernel32.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &where))
        {
            var error = Win32Error.Last;
            using (handle)
            {
                return error is Win32Error.LOCK_VIOLATION or Win32Error.IO_PENDING
                    ? Held(path, handle)
                    : new Problem(ProblemKind.Failed, "lock.failed", $"Cannot lock {path}: {Win32Error.Describe(error)}.");
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
