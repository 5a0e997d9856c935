using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Births;

[SupportedOSPlatform("windows")]
internal static unsafe class NullDevice
{
    public static SafeFileHandle Open()
    {
        var handle = Kernel32.CreateFile(
            "NUL", Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE, Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE, null, Kernel32.OPEN_EXISTING, 0, 0);
        return handle.IsInvalid ? throw Win32Error.Failure("open NUL") : handle;
    }
}
