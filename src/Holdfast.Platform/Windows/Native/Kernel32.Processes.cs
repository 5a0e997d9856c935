using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

internal static unsafe partial class Kernel32
{
    public const uint PROCESS_TERMINATE = 1;
    public const uint PROCESS_SUSPEND_RESUME = 0x800;
    public const uint PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
    public const uint TH32CS_SNAPPROCESS = 2;

    [LibraryImport(Library, SetLastError = true)]
    public static partial SafeProcessHandle OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, int pid);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessTimes(SafeHandle process, out long created, out long ended, out long kernel, out long user);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetExitCodeProcess(SafeHandle process, out uint code);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool TerminateProcess(SafeHandle process, uint code);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ProcessIdToSessionId(int pid, out int session);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessHandleCount(SafeHandle process, out int count);

    [LibraryImport(Library, EntryPoint = "QueryFullProcessImageNameW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryFullProcessImageName(SafeHandle process, uint flags, char* name, ref uint length);

    [LibraryImport(Library, EntryPoint = "K32GetProcessMemoryInfo", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessMemoryInfo(SafeHandle process, MemoryCounters* counters, uint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial SafeFileHandle CreateToolhelp32Snapshot(uint what, int pid);

    [LibraryImport(Library, EntryPoint = "Process32FirstW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Process32First(SafeFileHandle snapshot, ProcessEntry* entry);

    [LibraryImport(Library, EntryPoint = "Process32NextW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Process32Next(SafeFileHandle snapshot, ProcessEntry* entry);

    /// <summary>PROCESS_MEMORY_COUNTERS</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryCounters
    {
        public uint Length;
        public uint PageFaults;
        public nuint PeakWorkingSet;
        public nuint WorkingSet;
        public nuint QuotaPeakPagedPool;
        public nuint QuotaPagedPool;
        public nuint QuotaPeakNonPagedPool;
        public nuint QuotaNonPagedPool;
        public nuint PagefileUsage;
        public nuint PeakPagefileUsage;
    }

    /// <summary>PROCESSENTRY32W</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessEntry
    {
        public uint Length;
        public uint Usage;
        public int Pid;
        public nuint DefaultHeap;
        public uint Module;
        public int Threads;
        public int ParentPid;
        public int BasePriority;
        public uint Flags;
        public fixed char Name[260];
    }
}
