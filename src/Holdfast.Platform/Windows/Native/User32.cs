using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Windows.Native;

[SupportedOSPlatform("windows")]
internal static unsafe partial class User32
{
    public const uint WM_CLOSE = 0x10;

    [LibraryImport("user32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool EnumWindows(delegate* unmanaged<nint, nint, int> callback, nint context);

    [LibraryImport("user32", SetLastError = true)]
    public static partial uint GetWindowThreadProcessId(nint window, out int pid);

    [LibraryImport("user32", EntryPoint = "PostMessageW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool PostMessage(nint window, uint message, nint first, nint second);
}
