namespace Holdfast.Platform;

/// <summary>
/// Time since boot that counts suspend and never jumps, for deadlines that others rely on (leases, fencing). Its wall clock
/// is the system's; its timers are the system's as well and pause in suspend, so after a timer look at the clock again.
/// </summary>
public sealed class BootClock : TimeProvider
{
    private BootClock()
    {
    }

    public static BootClock Instance { get; } = new();

    /// <summary>Since boot, suspend included.</summary>
    public static TimeSpan SinceBoot => TimeSpan.FromTicks(Now() / 100);

    /// <summary>Since boot, suspend not included: it falls behind <see cref="SinceBoot"/> by as long as the machine was suspended.</summary>
    public static TimeSpan Awake => TimeSpan.FromTicks((
        OperatingSystem.IsLinux() ? Linux.BootTime.AwakeNanoseconds()
        : OperatingSystem.IsWindows() ? Windows.Clocks.InterruptTime.AwakeNanoseconds()
        : throw Unsupported.Here("boot clock")) / 100);

    /// <summary>Changes with every boot: a creation time or a deadline means nothing under another one.</summary>
    public static string BootId { get; } =
        OperatingSystem.IsLinux() ? Linux.BootTime.ReadBootId()
        : OperatingSystem.IsWindows() ? Windows.Clocks.InterruptTime.ReadBootId()
        : throw Unsupported.Here("boot id");

    /// <summary>In nanoseconds.</summary>
    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Now();

    private static long Now() =>
        OperatingSystem.IsLinux() ? Linux.BootTime.Nanoseconds()
        : OperatingSystem.IsWindows() ? Windows.Clocks.InterruptTime.Nanoseconds()
        : throw Unsupported.Here("boot clock");
}
