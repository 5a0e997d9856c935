using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>
/// The receiving end of sd_notify for one instance: a datagram socket whose senders the kernel names; on Windows a pipe of messages.
/// Whether a sender is to be believed is the caller's to say (a member of the instance's container is).
/// </summary>
public abstract class NotifySocket : IDisposable
{
    /// <summary>The value of NOTIFY_SOCKET for the service.</summary>
    public abstract string Address { get; }

    /// <summary>To wait for: <see cref="IProcessHost.Watch"/>, <see cref="Readiness.Add"/>.</summary>
    public abstract SafeHandle Handle { get; }

    /// <summary>Makes the socket file, replacing one that an earlier run left.</summary>
    /// <param name="owner">The account that may send; null: ours.</param>
    public static Outcome<NotifySocket> Create(string path, Account? owner = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.UnixNotifySocket.Create(path, owner)
            : OperatingSystem.IsWindows() ? Windows.Notify.NotifyPipe.Create(path, owner)
            : throw Unsupported.Here("notify sockets");
    }

    /// <summary>The socket that this process's earlier image had: what came meanwhile is in it.</summary>
    public static NotifySocket TakeOver(SafeFileHandle handle, string path)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? new Linux.UnixNotifySocket(handle, path) : throw Unsupported.Here("notify sockets");
    }

    /// <summary>
    /// Takes one message, without waiting; false when there is none. A BARRIER is answered by taking it. Descriptors that came along are closed.
    /// </summary>
    /// <param name="senderPid">As the kernel says, not the sender; 0 where it belongs to a namespace that we cannot see.</param>
    public abstract bool TryReceive(out NotifyMessage message, out int senderPid);

    /// <summary>Closes the socket and removes its file.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
