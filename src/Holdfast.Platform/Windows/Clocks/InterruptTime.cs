using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Clocks;

/// <summary>
/// The system's interrupt time, which counts from boot, suspend included, and which setting the clock does not move. Where a system lacks
/// the call (Wine 8), GetTickCount64 is the same in steps of up to 16 ms; <see cref="IsPrecise"/> says which it is.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class InterruptTime
{
    private const long NanosecondsPerUnit = 100;
    private const long NanosecondsPerMillisecond = 1_000_000;

    private static readonly delegate* unmanaged<ulong*, void> query = Find();

    public static bool IsPrecise => query is not null;

    public static long Nanoseconds()
    {
        if (query is null) return (long)Kernel32.GetTickCount64() * NanosecondsPerMillisecond;
        ulong now;
        query(&now);
        return (long)now * NanosecondsPerUnit;
    }

    /// <summary>The same clock, but for the time in suspend.</summary>
    public static long AwakeNanoseconds()
    {
        ulong now;
        return Kernel32.QueryUnbiasedInterruptTime(&now) != 0 ? (long)now * NanosecondsPerUnit : throw Win32Error.Failure("ask for the time without suspend");
    }

    /// <summary>
    /// When the system was booted, by the clock as it then was: setting the clock moves the boot time that is told and its bias alike.
    /// A boot within the same 100 ns of a clock that was set back is the only other one with the same name.
    /// </summary>
    public static string ReadBootId()
    {
        Ntdll.TimeOfDay time = default;
        var status = Ntdll.NtQuerySystemInformation(Ntdll.SystemTimeOfDayInformation, &time, (uint)sizeof(Ntdll.TimeOfDay), null);
        if (status != Ntdll.STATUS_SUCCESS) throw Win32Error.Failure("ask for the time of boot", (int)Ntdll.RtlNtStatusToDosError(status));
        return (time.BootTime - (long)time.BootTimeBias).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static delegate* unmanaged<ulong*, void> Find() =>
        NativeLibrary.TryLoad("kernelbase.dll", out var library) && NativeLibrary.TryGetExport(library, "QueryInterruptTimePrecise", out var found)
            ? (delegate* unmanaged<ulong*, void>)found
            : null;
}
