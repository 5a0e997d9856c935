using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Native;

/// <summary>Takes hold of what a call returned: a descriptor that is closed for certain, or an exception.</summary>
[SupportedOSPlatform("linux")]
internal static class Descriptor
{
    public static SafeFileHandle Own(int returned, string what) =>
        returned >= 0 ? new SafeFileHandle(returned, ownsHandle: true) : throw Errno.Failure(what);
}
