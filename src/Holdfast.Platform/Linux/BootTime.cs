using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static unsafe class BootTime
{
    public static long Nanoseconds()
    {
        var now = stackalloc long[2];
        return Libc.ClockGetTime(Libc.CLOCK_BOOTTIME, now) == 0
            ? (now[0] * 1_000_000_000) + now[1]
            : throw Errno.Failure("clock_gettime(CLOCK_BOOTTIME)");
    }

    public static string ReadBootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
