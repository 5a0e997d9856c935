using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class NullDevice
{
    public static SafeFileHandle Open() => Descriptor.Own(Libc.Open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0), "open /dev/null");
}
