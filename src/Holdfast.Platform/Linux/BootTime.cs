using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static unsafe class BootTime
{
    public static long Nanoseconds() => Read(Libc.CLOCK_BOOTTIME);

    /// <summary>The same clock, but for the time in suspend.</summary>
    public static long AwakeNanoseconds() => Read(Libc.CLOCK_MONOTONIC);

    private static long Read(int clock)
    {
        var now = stackalloc long[2];
        return Libc.ClockGetTime(clock, now) == 0
            ? (now[0] * 1_000_000_000) + now[1]
            : throw Errno.Failure($"clock_gettime({clock})");
    }

    public static string ReadBootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
