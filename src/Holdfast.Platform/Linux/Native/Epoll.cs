using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Native;

/// <summary>epoll(7), level-triggered, with a 64-bit token per descriptor.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Epoll : IDisposable
{
    // struct epoll_event is packed on x86 and nowhere else.
    private static readonly int TokenAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;
    private static readonly int Stride = TokenAt + sizeof(long);

    private readonly SafeFileHandle handle = Descriptor.Own(Libc.EpollCreate(Libc.EPOLL_CLOEXEC), "epoll_create1");

    public void Add(SafeHandle watched, uint mask, long token)
    {
        var happening = stackalloc byte[16];
        *(uint*)happening = mask;
        *(long*)(happening + TokenAt) = token;
        if (Libc.EpollControl(handle, Libc.EPOLL_CTL_ADD, watched, happening) < 0)
            throw Errno.Failure("epoll_ctl(add)");
    }

    public void Remove(SafeHandle watched)
    {
        // A closed descriptor has left the set by itself; its number may be somebody else's by now.
        if (watched.IsClosed)
            return;
        var unused = stackalloc byte[16];
        if (Libc.EpollControl(handle, Libc.EPOLL_CTL_DEL, watched, unused) < 0 && Errno.Last != Errno.ENOENT)
            throw Errno.Failure("epoll_ctl(remove)");
    }

    /// <summary>Fills <paramref name="into"/> with mask and token pairs; 0 at the timeout and when a signal came in between.</summary>
    public int Wait(Span<(uint Mask, long Token)> into, TimeSpan timeout)
    {
        var capacity = Math.Min(into.Length, 256);
        var happenings = stackalloc byte[capacity * Stride];
        var count = Libc.EpollWait(handle, happenings, capacity, Milliseconds(timeout));
        if (count < 0)
            return Errno.Last == Errno.EINTR ? 0 : throw Errno.Failure("epoll_wait");
        for (var i = 0; i < count; i++)
        {
            var one = happenings + (i * Stride);
            into[i] = (*(uint*)one, *(long*)(one + TokenAt));
        }

        return count;
    }

    public void Dispose() => handle.Dispose();

    // Rounded up: to wake a moment before a deadline would mean to spin until it.
    private static int Milliseconds(TimeSpan timeout) => timeout < TimeSpan.Zero
        ? -1
        : (int)Math.Min(int.MaxValue, Math.Ceiling(timeout.TotalMilliseconds));
}
