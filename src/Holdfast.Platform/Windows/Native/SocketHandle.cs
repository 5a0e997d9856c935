using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Native;

/// <summary>A socket, which is closed by another call than all other handles.</summary>
[SupportedOSPlatform("windows")]
internal sealed class SocketHandle : SafeHandleMinusOneIsInvalid
{
    public SocketHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle() => Winsock.Close(handle) == 0;
}
