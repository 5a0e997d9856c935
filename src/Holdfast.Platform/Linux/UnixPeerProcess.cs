using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Linux.Containers;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>Held by a pidfd, which the kernel gives out for the very process that connected (Linux 6.5); before that by its number, as soon as the connection is seen.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UnixPeerProcess : PeerProcess
{
    private const int SO_PEERPIDFD = 77;

    private readonly SafeFileHandle hold;

    private UnixPeerProcess(int pid, SafeFileHandle hold)
        : base(pid) => this.hold = hold;

    public override unsafe bool IsAlive
    {
        get
        {
            var taken = false;
            try
            {
                hold.DangerousAddRef(ref taken);
                // It can be read from when the process has ended, whether somebody has waited for it or not.
                var descriptor = new Libc.PollDescriptor { Descriptor = (int)hold.DangerousGetHandle(), Wanted = Libc.POLLIN };
                return Libc.Poll(&descriptor, 1, 0) == 0;
            }
            catch (ObjectDisposedException)
            {
                // The connection is gone; nobody knows of its process any more.
                return false;
            }
            finally
            {
                if (taken) hold.DangerousRelease();
            }
        }
    }

    public static new UnixPeerProcess? Of(Socket socket)
    {
        // 0 where it belongs to a namespace that we cannot see.
        var pid = UnixPeer.PidOf(socket);
        return pid > 0 && Hold(socket, pid) is { } hold ? new(pid, hold) : null;
    }

    private protected override InstanceStatus? Find(IReadOnlyList<InstanceStatus> instances) =>
        CgroupHierarchy.FolderOf(Pid) is { } folder && instances.FirstOrDefault(instance => IsWithin(folder, instance.Containment)) is { } found ? found : SessionDescent.Of(Pid, instances);

    protected override void Dispose(bool disposing)
    {
        if (disposing) hold.Dispose();
    }

    /// <summary>In its cgroup, in one that it made within, or in one of its hooks and probes, which lie beside it: no instance has a dot in its name.</summary>
    private static bool IsWithin(string folder, ContainmentStatus container) =>
        container is { Kind: "cgroup", Id: { } id } && (folder == id || folder.StartsWith(id + "/", StringComparison.Ordinal) || folder.StartsWith(id + ".", StringComparison.Ordinal));

    private static SafeFileHandle? Hold(Socket socket, int pid)
    {
        Span<int> descriptor = stackalloc int[1];
        try
        {
            socket.GetRawSocketOption(Libc.SOL_SOCKET, SO_PEERPIDFD, MemoryMarshal.AsBytes(descriptor));
            return new(descriptor[0], ownsHandle: true);
        }
        catch (SocketException failure) when (failure.SocketErrorCode != SocketError.ProtocolOption)
        {
            // It has ended, and was waited for.
            return null;
        }
        catch (SocketException)
        {
            // The kernel is older.
        }

        var opened = Libc.OpenProcess(pid);
        return opened < 0 ? null : new(opened, ownsHandle: true);
    }
}
