using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal sealed class EpollQueue : IReadinessQueue
{
    private const long WakeToken = long.MinValue;
    private const int MostAtOnce = 256;

    private readonly Epoll epoll = new();
    private readonly EventCounter wake = new();

    public EpollQueue() => epoll.Add(wake.Handle, Libc.EPOLLIN, WakeToken);

    public void Add(SafeHandle handle, long token) => epoll.Add(handle, Libc.EPOLLIN | Libc.EPOLLRDHUP, token);

    public void Remove(SafeHandle handle) => epoll.Remove(handle);

    public int Wait(Span<ReadyEvent> events, TimeSpan timeout)
    {
        Span<(uint Mask, long Token)> ready = stackalloc (uint, long)[Math.Min(events.Length, MostAtOnce)];
        var count = epoll.Wait(ready, timeout);
        var filled = 0;
        foreach (var (mask, token) in ready[..count])
        {
            if (token == WakeToken)
                wake.Clear();
            else
                events[filled++] = new(token, (mask & Libc.EPOLLIN) != 0, (mask & (Libc.EPOLLHUP | Libc.EPOLLRDHUP | Libc.EPOLLERR)) != 0);
        }

        return filled;
    }

    public void Wake() => wake.Raise();

    public void Dispose()
    {
        epoll.Dispose();
        wake.Dispose();
    }
}
