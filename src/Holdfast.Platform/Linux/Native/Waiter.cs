using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux.Native;

/// <summary>Waits for one descriptor, once.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class Waiter
{
    /// <summary>Returns when it happened, at the deadline, or when a signal came in between: look again.</summary>
    /// <param name="until">On the boot clock.</param>
    public static void Wait(SafeHandle handle, short wanted, TimeSpan until)
    {
        var left = until - BootClock.SinceBoot;
        if (left <= TimeSpan.Zero)
            return;
        var descriptor = new Libc.PollDescriptor { Descriptor = (int)handle.DangerousGetHandle(), Wanted = wanted };
        _ = Libc.Poll(&descriptor, 1, (int)Math.Min(int.MaxValue, Math.Ceiling(left.TotalMilliseconds)));
        GC.KeepAlive(handle);
    }
}
