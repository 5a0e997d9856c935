using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Native;

/// <summary>eventfd(2): readable from the first <see cref="Raise"/> until <see cref="Clear"/>. Any thread may raise it.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EventCounter : IDisposable
{
    private readonly SafeFileHandle handle = Descriptor.Own(Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd");

    public SafeHandle Handle => handle;

    public void Raise()
    {
        ulong one = 1;
        // EAGAIN means that the counter is full: raised it is.
        if (Libc.Write(handle, (byte*)&one, sizeof(ulong)) < 0 && Errno.Last is not (Errno.EAGAIN or Errno.EINTR))
            throw Errno.Failure("write to eventfd");
    }

    public void Clear()
    {
        ulong count;
        _ = Libc.Read(handle, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => handle.Dispose();
}
