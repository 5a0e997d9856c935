using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

internal static unsafe partial class Kernel32
{
    public const int JobObjectBasicAccountingInformation = 1;
    public const int JobObjectBasicProcessIdList = 3;
    public const int JobObjectAssociateCompletionPortInformation = 7;
    public const int JobObjectExtendedLimitInformation = 9;
    public const int JobObjectCpuRateControlInformation = 15;

    public const uint JOB_OBJECT_QUERY = 4;
    public const uint JOB_OBJECT_TERMINATE = 8;
    public const uint JOB_OBJECT_LIMIT_ACTIVE_PROCESS = 0x8;
    public const uint JOB_OBJECT_LIMIT_AFFINITY = 0x10;
    public const uint JOB_OBJECT_LIMIT_JOB_MEMORY = 0x200;
    public const uint JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x400;
    public const uint JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000;
    public const uint JOB_OBJECT_CPU_RATE_CONTROL_ENABLE = 1;
    public const uint JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP = 4;

    [LibraryImport(Library, EntryPoint = "CreateJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateJobObject(SecurityAttributes* security, string? name);

    [LibraryImport(Library, EntryPoint = "OpenJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle OpenJobObject(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, string name);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetInformationJobObject(SafeHandle job, int kind, void* from, uint length);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryInformationJobObject(SafeHandle job, int kind, void* into, uint length, uint* returned);

    [LibraryImport(Library, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool TerminateJobObject(SafeHandle job, uint code);

    /// <summary>JOBOBJECT_BASIC_ACCOUNTING_INFORMATION: times in units of 100 ns.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct JobAccounting
    {
        public long UserTime;
        public long KernelTime;
        public long ThisPeriodUserTime;
        public long ThisPeriodKernelTime;
        public uint PageFaults;
        public uint Processes;
        public uint ActiveProcesses;
        public uint TerminatedProcesses;
    }

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct JobLimitInformation
    {
        public long PerProcessUserTime;
        public long PerJobUserTime;
        public uint Flags;
        public nuint MinimumWorkingSet;
        public nuint MaximumWorkingSet;
        public uint ActiveProcesses;
        public nuint Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public ulong ReadOperations;
        public ulong WriteOperations;
        public ulong OtherOperations;
        public ulong ReadBytes;
        public ulong WriteBytes;
        public ulong OtherBytes;
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }

    /// <summary>JOBOBJECT_CPU_RATE_CONTROL_INFORMATION: the rate in 1/100 of a percent of all processors together.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct JobCpuRate
    {
        public uint Flags;
        public uint Rate;
    }

    /// <summary>JOBOBJECT_ASSOCIATE_COMPLETION_PORT</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct JobPort
    {
        public nuint Key;
        public nint Port;
    }
}
