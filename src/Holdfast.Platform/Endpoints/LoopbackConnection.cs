using System.Runtime.InteropServices;
using Holdfast.Platform.Linux;

namespace Holdfast.Platform;

/// <summary>
/// A TCP connection to a port of 127.0.0.1, without a thread, timer or task of its own: no member waits. Ask again when its handle is
/// writable (<see cref="Finish"/>, <see cref="Send"/>) or readable (<see cref="Read"/>): <see cref="IProcessHost.Watch"/>.
/// </summary>
public abstract class LoopbackConnection : IDisposable
{
    public const string Address = "127.0.0.1";

    /// <summary>To wait for.</summary>
    public abstract SafeHandle Handle { get; }

    /// <summary>Begins to connect; whether that succeeds is told by the next call.</summary>
    /// <exception cref="IOException">No descriptors or memory are left.</exception>
    public static LoopbackConnection Begin(int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return OperatingSystem.IsLinux() ? PosixLoopback.Begin(port)
            : OperatingSystem.IsWindows() ? Windows.Endpoints.LoopbackSocket.Begin(port)
            : throw Unsupported.Here("connections that do not wait");
    }

    /// <summary>Whether it is connected.</summary>
    public abstract SocketStep Finish();

    /// <summary>Sends what can be sent now: Done with how many bytes, which may be fewer than there are.</summary>
    public abstract SocketStep Send(ReadOnlySpan<byte> bytes);

    /// <summary>Takes what is there now: Done with how many bytes; 0: the other end has closed.</summary>
    public abstract SocketStep Read(Span<byte> into);

    /// <summary>Closes it at once, and leaves nothing of it in the kernel (no TIME_WAIT).</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
