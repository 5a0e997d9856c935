using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Native;

/// <summary>What <c>linux/watchdog.h</c> has; the numbers are those of _IOR and _IOWR on x86-64 and AArch64.</summary>
internal static partial class Libc
{
    public const uint WDIOC_GETSUPPORT = 0x80285700;
    public const uint WDIOC_SETTIMEOUT = 0xC0045706;
    public const uint WDIOC_GETTIMEOUT = 0x80045707;

    public const uint WDIOF_MAGICCLOSE = 0x0100;

    /// <summary>struct watchdog_info.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct WatchdogInformation
    {
        public uint Options;
        public uint FirmwareVersion;
        public fixed byte Identity[32];
    }

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int DeviceControl(SafeHandle descriptor, nuint request, void* argument);
}
