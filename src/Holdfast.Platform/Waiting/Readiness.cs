using System.Runtime.InteropServices;
using Holdfast.Platform.Linux;

namespace Holdfast.Platform;

/// <summary>
/// Waits for any of many handles at once: pipes, sockets, processes. One thread waits; the other members may be called from any.
/// A handle is reported at every wait for as long as it is readable, so a reader may leave something for the next turn.
/// On Windows a pipe belongs to the first of these that watches it.
/// </summary>
public sealed class Readiness : IDisposable
{
    private readonly IReadinessQueue queue;

    private Readiness(IReadinessQueue queue) => this.queue = queue;

    public static Readiness Create() =>
        OperatingSystem.IsLinux() ? new(new EpollQueue())
        : OperatingSystem.IsWindows() ? new(new Windows.Waiting.PortQueue())
        : throw Unsupported.Here("waiting on pipes");

    /// <summary>Watches the handle until it is removed or closed. A handle can be added once.</summary>
    /// <param name="token">Comes back with its events; any number but <see cref="long.MinValue"/>.</param>
    public void Add(SafeHandle handle, long token)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfEqual(token, long.MinValue);
        queue.Add(handle, token);
    }

    /// <summary>Does nothing where the handle is not watched, or closed already.</summary>
    public void Remove(SafeHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        queue.Remove(handle);
    }

    /// <summary>Returns how many of <paramref name="events"/> it has filled: 0 at the timeout, when woken, and now and then for no reason.</summary>
    /// <param name="timeout"><see cref="Timeout.InfiniteTimeSpan"/>: until something happens.</param>
    public int Wait(Span<ReadyEvent> events, TimeSpan timeout) => queue.Wait(events, timeout);

    /// <summary>Ends the present wait, or the next one.</summary>
    public void Wake() => queue.Wake();

    public void Dispose() => queue.Dispose();
}
