using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Native;

internal static partial class Libc
{
    public const int CLOCK_MONOTONIC = 1;
    public const int CLOCK_BOOTTIME = 7;
    public const int SC_CLK_TCK = 2;

    /// <param name="time">Seconds and nanoseconds.</param>
    [LibraryImport(Name, EntryPoint = "clock_gettime", SetLastError = true)]
    public static unsafe partial int ClockGetTime(int clock, long* time);

    [LibraryImport(Name, EntryPoint = "sysconf")]
    public static partial nint SystemConfiguration(int name);
}
