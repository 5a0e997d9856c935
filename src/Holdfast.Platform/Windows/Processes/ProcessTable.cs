using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Processes;

/// <summary>What Windows says of a process through a handle of it, and of its threads through a snapshot.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class ProcessTable
{
    private const uint Look = Kernel32.PROCESS_QUERY_LIMITED_INFORMATION | Kernel32.SYNCHRONIZE;
    private const int LongestPath = 32768;

    /// <summary>1601 to the calendar's beginning, in units of 100 ns.</summary>
    private const long FileTimeEpoch = 504_911_232_000_000_000;

    public static ProcessFacts? Read(int pid)
    {
        using var process = Open(pid);
        if (process is null || !Kernel32.GetProcessTimes(process, out var created, out _, out var kernel, out var user)) return null;
        // A process that has ended stays in the table while anybody holds it.
        var ended = HasEnded(process);
        _ = Kernel32.ProcessIdToSessionId(pid, out var session);
        var (parent, threads, name) = InSnapshot(pid);
        return new(
            pid,
            parent,
            session,
            created,
            name ?? Path.GetFileName(PathOf(process)) ?? "",
            Cpu: new(kernel + user),
            // Windows counts nobody's children; a job counts for all in it.
            ChildrenCpu: TimeSpan.Zero,
            ResidentBytes: WorkingSetOf(process),
            threads,
            ended);
    }

    /// <summary>0 where it is gone.</summary>
    public static long ResidentBytes(int pid)
    {
        using var process = Open(pid);
        return process is null ? 0 : WorkingSetOf(process);
    }

    public static bool IsAlive(int pid, long creationTime)
    {
        using var process = Open(pid);
        return process is not null && CreationTimeOf(process) == creationTime && !HasEnded(process);
    }

    public static TimeSpan Age(long creationTime) => TimeProvider.System.GetUtcNow() - new DateTimeOffset(creationTime + FileTimeEpoch, TimeSpan.Zero);

    public static string? Executable(int pid)
    {
        using var process = Open(pid);
        return process is null ? null : PathOf(process);
    }

    public static int? OpenFiles(int pid)
    {
        using var process = Open(pid);
        return process is not null && Kernel32.GetProcessHandleCount(process, out var count) ? count : null;
    }

    public static long CreationTimeOf(SafeProcessHandle process) => Kernel32.GetProcessTimes(process, out var created, out _, out _, out _) ? created : 0;

    public static bool HasEnded(SafeProcessHandle process) => Kernel32.WaitForSingleObject(process, 0) == Kernel32.WAIT_OBJECT_0;

    /// <summary>Null when there is none of that number, or when it is not ours to see.</summary>
    public static SafeProcessHandle? Open(int pid, uint further = 0)
    {
        var process = Kernel32.OpenProcess(Look | further, false, pid);
        if (!process.IsInvalid) return process;
        process.Dispose();
        return null;
    }

    private static long WorkingSetOf(SafeProcessHandle process)
    {
        Kernel32.MemoryCounters memory = default;
        return Kernel32.GetProcessMemoryInfo(process, &memory, (uint)sizeof(Kernel32.MemoryCounters)) ? (long)memory.WorkingSet : 0;
    }

    private static string? PathOf(SafeProcessHandle process)
    {
        var buffer = new char[LongestPath];
        uint length = LongestPath;
        fixed (char* at = buffer)
            return Kernel32.QueryFullProcessImageName(process, 0, at, ref length) ? new string(at, 0, (int)length) : null;
    }

    private static (int Parent, int Threads, string? Name) InSnapshot(int pid)
    {
        using var snapshot = Kernel32.CreateToolhelp32Snapshot(Kernel32.TH32CS_SNAPPROCESS, 0);
        if (snapshot.IsInvalid) return (0, 0, null);
        var entry = new Kernel32.ProcessEntry { Length = (uint)sizeof(Kernel32.ProcessEntry) };
        for (var more = Kernel32.Process32First(snapshot, &entry); more; more = Kernel32.Process32Next(snapshot, &entry))
        {
            if (entry.Pid == pid) return (entry.ParentPid, entry.Threads, new string(entry.Name));
        }

        return (0, 0, null);
    }
}
