using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Watchdogs;

/// <summary>A device as the kernel's <c>watchdog-api</c> describes it: opened it runs, each byte pets it, and only a <c>V</c> right before it is closed stops it.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PosixWatchdog : IWatchdogDevice
{
    private readonly SafeFileHandle device;

    private PosixWatchdog(SafeFileHandle device, string identity, TimeSpan timeout) => (this.device, Identity, Timeout) = (device, identity, timeout);

    public string Identity { get; }

    public TimeSpan Timeout { get; }

    public SafeHandle Handle => device;

    /// <summary>What speaks against it before it is opened; null: nothing.</summary>
    /// <param name="folder">Where the kernel tells of watchdogs.</param>
    public static Problem? Check(string path, TimeSpan timeout, string folder = WatchdogClass.Folder)
    {
        if (!File.Exists(path)) return None(path, "there is no such device");
        if (WatchdogClass.Read(path, folder) is not { } known) return None(path, $"{folder} does not know it, and whether it can be disarmed is said nowhere else");
        if (known.NoWayOut) return NoWayOut(path);
        return known.LeastSeconds is { } least && least > timeout.TotalSeconds ? Timeless(path, timeout, $"it takes {least} s or more", TimeSpan.FromSeconds(least)) : null;
    }

    /// <param name="folder">As of <see cref="Check"/>.</param>
    public static Outcome<IWatchdogDevice> Open(string path, TimeSpan timeout, string folder = WatchdogClass.Folder)
    {
        if (Check(path, timeout, folder) is { } wrong) return wrong;
        var descriptor = Libc.Open(path, Libc.O_WRONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (descriptor < 0) return NotOpened(path, Errno.Last);
        return Set(new SafeFileHandle(descriptor, ownsHandle: true), path, timeout);
    }

    /// <summary>It was set by whoever left it.</summary>
    public static IWatchdogDevice TakeOver(SafeFileHandle device) => new PosixWatchdog(device, "", TimeSpan.Zero);

    public Outcome<Done> Pet() => Write((byte)'.') ?? (Outcome<Done>)Outcome.Done;

    public Outcome<Done> Disarm()
    {
        var failed = Write((byte)'V');
        device.Dispose();
        return failed is null
            ? Outcome.Done
            : new Problem(ProblemKind.Failed, "watchdog.disarm", "The watchdog was not disarmed, and resets this machine when its time is over.") { Why = failed.Why };
    }

    public void Dispose() => device.Dispose();

    /// <summary>What runs by now is disarmed again where it does not do.</summary>
    private static Outcome<IWatchdogDevice> Set(SafeFileHandle handle, string path, TimeSpan timeout)
    {
        Libc.WatchdogInformation told;
        var asked = Libc.DeviceControl(handle, Libc.WDIOC_GETSUPPORT, &told) < 0 ? Errno.Last : 0;
        var opened = new PosixWatchdog(handle, asked == 0 ? Identify(told) : "", timeout);
        if (asked != 0) return Given(opened, None(path, Errno.Describe(asked)));
        if ((told.Options & Libc.WDIOF_MAGICCLOSE) == 0) return Given(opened, NoMagic(path, opened.Identity));
        var seconds = (int)timeout.TotalSeconds;
        // One that cannot be set says what it has.
        var refused = Libc.DeviceControl(handle, Libc.WDIOC_SETTIMEOUT, &seconds) < 0 ? Errno.Last : 0;
        if (refused is not (0 or Errno.EOPNOTSUPP)) return Given(opened, Timeless(path, timeout, Errno.Describe(refused), null));
        return Libc.DeviceControl(handle, Libc.WDIOC_GETTIMEOUT, &seconds) < 0
            ? Given(opened, Timeless(path, timeout, Errno.Describe(Errno.Last), null))
            : Outcome.Of<IWatchdogDevice>(new PosixWatchdog(handle, opened.Identity, TimeSpan.FromSeconds(seconds)));
    }

    private static string Identify(Libc.WatchdogInformation told) => Encoding.ASCII.GetString(new ReadOnlySpan<byte>(told.Identity, 32)).Split('\0')[0];

    private static Outcome<IWatchdogDevice> Given(PosixWatchdog opened, Problem why)
    {
        var disarmed = opened.Disarm();
        return disarmed.IsOk ? why : (Outcome<IWatchdogDevice>)(List<Problem>)[why, .. disarmed.Problems];
    }

    private Problem? Write(byte word)
    {
        nint written;
        do
        {
            written = Libc.Write(device, &word, 1);
        }
        while (written < 0 && Errno.Last == Errno.EINTR);
        return written == 1 ? null : new(ProblemKind.Failed, "watchdog.pet", "The watchdog could not be petted.") { Why = Errno.Describe(Errno.Last) };
    }

    private static Problem None(string path, string why) => new(ProblemKind.NotFound, "watchdog.none", $"{path} is no watchdog that could be used.")
    {
        Why = why,
        Mend = "load the driver of the machine's watchdog (or softdog) on a kernel with CONFIG_WATCHDOG_SYSFS, and see /sys/class/watchdog",
    };

    private static Problem NotOpened(string path, int errno) => errno == Errno.EBUSY
        ? new(ProblemKind.Conflict, "watchdog.busy", $"{path} is held by another process.")
        {
            Why = "a watchdog has one owner",
            Mend = "let systemd do without it (RuntimeWatchdogSec=off), end whatever else holds it, or name another one",
        }
        : new(ProblemKind.Failed, "watchdog.failed", $"{path} cannot be opened.") { Why = Errno.Describe(errno) };

    private static Problem NoWayOut(string path) => new(ProblemKind.Refused, "watchdog.no-way-out", $"{path} cannot be disarmed once it runs (nowayout).")
    {
        Why = "the machine would be reset although it is proven that nothing acts: with every loss of the store, and with the supervisor's own end",
        Mend = "load its driver with nowayout=0, or name another one",
    };

    private static Problem NoMagic(string path, string identity) => new(ProblemKind.Refused, "watchdog.magic-close", $"{path} ({identity}) ends with whoever holds it.")
    {
        Why = "its driver knows no magic close: a supervisor that is killed would take the watchdog along",
        Mend = "name another one",
    };

    private static Problem Timeless(string path, TimeSpan timeout, string why, TimeSpan? least) =>
        new(ProblemKind.Refused, "watchdog.timeout", string.Create(CultureInfo.InvariantCulture, $"{path} cannot be set to {timeout.TotalSeconds:0} s."))
        {
            Why = why,
            Mend = least is { } needed
                ? string.Create(CultureInfo.InvariantCulture, $"choose a lease of {LeaseTerms.LongEnoughForWatchdog(needed).TotalSeconds:0} s or more, or name another watchdog")
                : "choose a longer lease, or name another watchdog",
        };
}
