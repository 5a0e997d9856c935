using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

/// <summary>The few calls that have no equal above ntdll.dll.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Ntdll
{
    private const string Library = "ntdll";

    public const int SystemTimeOfDayInformation = 3;
    public const int ProcessBasicInformation = 0;
    public const uint FSCTL_PIPE_PEEK = 0x11400C;

    public const uint STATUS_SUCCESS = 0;
    public const uint STATUS_ACCESS_DENIED = 0xC0000022;
    public const uint STATUS_PENDING = 0x103;
    public const uint STATUS_BUFFER_OVERFLOW = 0x80000005;
    public const uint STATUS_PIPE_EMPTY = 0xC00000D9;
    public const uint STATUS_PIPE_BROKEN = 0xC000014B;
    public const uint STATUS_PIPE_DISCONNECTED = 0xC00000B0;
    public const uint STATUS_PIPE_CLOSING = 0xC00000B1;
    public const uint STATUS_INVALID_PIPE_STATE = 0xC00000AD;

    /// <summary>The other end has closed its handle; what it wrote may still be there.</summary>
    public const uint FILE_PIPE_CLOSING_STATE = 4;

    [LibraryImport(Library)]
    public static partial uint NtQuerySystemInformation(int kind, void* into, uint length, uint* returned);

    [LibraryImport(Library)]
    public static partial uint NtQueryInformationProcess(SafeHandle process, int kind, void* into, uint length, uint* returned);

    /// <summary>Every thread of it, once more than it was.</summary>
    [LibraryImport(Library)]
    public static partial uint NtSuspendProcess(SafeHandle process);

    [LibraryImport(Library)]
    public static partial uint NtResumeProcess(SafeHandle process);

    /// <summary>With neither event nor context it leaves nothing in a completion port that the handle belongs to.</summary>
    [LibraryImport(Library)]
    public static partial uint NtFsControlFile(SafeHandle file, nint signal, nint routine, nint context, StatusBlock* status, uint control, void* input, uint inputLength, void* output, uint outputLength);

    public const uint DIRECTORY_QUERY = 1;
    public const uint STATUS_MORE_ENTRIES = 0x105;

    [LibraryImport(Library)]
    public static partial uint NtOpenDirectoryObject(out nint directory, uint access, ObjectAttributes* attributes);

    [LibraryImport(Library)]
    public static partial uint NtQueryDirectoryObject(nint directory, void* into, uint length, byte single, byte restart, uint* context, uint* returned);

    [LibraryImport(Library)]
    public static partial uint RtlNtStatusToDosError(uint status);

    /// <summary>IO_STATUS_BLOCK</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StatusBlock
    {
        public nint Status;
        public nuint Information;
    }

    /// <summary>SYSTEM_TIMEOFDAY_INFORMATION: units of 100 ns. Setting the clock moves BootTime and BootTimeBias by as much.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeOfDay
    {
        public long BootTime;
        public long CurrentTime;
        public long TimeZoneBias;
        public uint TimeZoneId;
        public uint Reserved;
        public ulong BootTimeBias;
        public ulong SleepTimeBias;
    }

    /// <summary>UNICODE_STRING: lengths in bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UnicodeString
    {
        public ushort Length;
        public ushort MaximumLength;
        public char* Buffer;

        public override readonly string ToString() => new(Buffer, 0, Length / sizeof(char));
    }

    /// <summary>OBJECT_ATTRIBUTES</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ObjectAttributes
    {
        public uint Length;
        public nint Root;
        public UnicodeString* Name;
        public uint Attributes;
        public nint SecurityDescriptor;
        public nint QualityOfService;
    }

    /// <summary>OBJECT_DIRECTORY_INFORMATION</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DirectoryEntry
    {
        public UnicodeString Name;
        public UnicodeString Type;
    }

    /// <summary>PROCESS_BASIC_INFORMATION</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessBasics
    {
        public nint ExitStatus;
        public nint Environment;
        public nint AffinityMask;
        public nint BasePriority;
        public nint Pid;
        public nint ParentPid;
    }

    /// <summary>FILE_PIPE_PEEK_BUFFER, without data.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PipePeek
    {
        public uint State;
        public uint Available;
        public uint Messages;
        public uint MessageLength;
        public uint Data;
    }
}
