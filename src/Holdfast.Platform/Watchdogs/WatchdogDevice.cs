using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>Watchdogs of the kernel's: Linux has them as devices, Windows for its own drivers alone.</summary>
public static class WatchdogDevice
{
    /// <summary>Why no process of this host can have one; null: it can.</summary>
    public static Problem? Refusal => OperatingSystem.IsLinux()
        ? null
        : new(ProblemKind.Refused, "watchdog.here", "There is no watchdog for programs here.")
        {
            Why = "Linux has it as a device; Windows has one for its own drivers alone",
            Mend = "leave it out: the supervisor kills at the deadline; let what receives effects look at the epoch as well",
        };

    /// <summary>What speaks against it before it is opened (which would start it); null: nothing. Another process may hold it all the same, or its driver round the timeout.</summary>
    /// <param name="device">Absolute path.</param>
    /// <param name="timeout">Whole seconds.</param>
    public static Problem? Check(string device, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        return OperatingSystem.IsLinux() ? Linux.Watchdogs.PosixWatchdog.Check(device, timeout) : Refusal ?? throw Unsupported.Here("watchdog");
    }

    /// <summary>
    /// Opens it, which starts it, and sets it. One that is refused after that was disarmed again. Problems: <c>watchdog.here</c>, <c>watchdog.none</c>, <c>watchdog.busy</c>, <c>watchdog.no-way-out</c>,
    /// <c>watchdog.magic-close</c>, <c>watchdog.timeout</c>, <c>watchdog.failed</c>.
    /// </summary>
    /// <param name="device">Absolute path.</param>
    /// <param name="timeout">Whole seconds.</param>
    public static Outcome<IWatchdogDevice> Open(string device, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        if (Refusal is { } refusal) return refusal;
        return OperatingSystem.IsLinux() ? Linux.Watchdogs.PosixWatchdog.Open(device, timeout) : throw Unsupported.Here("watchdog");
    }

    /// <summary>In the next image: one that the image before had armed.</summary>
    /// <param name="descriptor">That it left open.</param>
    /// <exception cref="IOException">There is none of that number.</exception>
    public static IWatchdogDevice TakeOver(int descriptor) =>
        OperatingSystem.IsLinux() ? Linux.Watchdogs.PosixWatchdog.TakeOver(Linux.PosixNextImage.Take(descriptor)) : throw Unsupported.Here("watchdog");
}
