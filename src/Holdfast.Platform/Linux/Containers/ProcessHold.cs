using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>Takes hold of a process that was seen in the process table: of that one, not of a later one with its number.</summary>
[SupportedOSPlatform("linux")]
internal static class ProcessHold
{
    /// <summary>Null when it is gone.</summary>
    public static SafeFileHandle? Take(int pid, long creationTime)
    {
        var descriptor = Libc.OpenProcess(pid);
        if (descriptor < 0)
            return null;
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (ProcStat.Read(pid)?.CreationTime == creationTime)
            return handle;
        handle.Dispose();
        return null;
    }
}
