using System.Globalization;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Generations;

/// <summary>
/// The kernel's driver for it tells programs no number, only that it has changed, as an event on a socket. What came since the last look is read at the next one; where more came than the socket holds,
/// it may have been among that, and counts as such.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class KernelGeneration : VirtualMachineGeneration
{
    /// <summary>The group to which the kernel itself sends; udev's is another.</summary>
    private const uint KernelGroup = 1;

    /// <summary>Holds some hundred events, of which starting a container makes a few.</summary>
    private const int Room = 1 << 20;

    private readonly SafeFileHandle socket;
    private long changes;

    private KernelGeneration(SafeFileHandle socket) => this.socket = socket;

    public override string Source => "the kernel's events (NEW_VMGENID)";

    /// <summary>How many messages came, of whatever kind: the socket hears.</summary>
    internal long Heard { get; private set; }

    public override string? Now
    {
        get
        {
            Drain();
            return changes.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Null: this process may not hear it.</summary>
    public static KernelGeneration? Listen()
    {
        var descriptor = Libc.Socket(Libc.AF_NETLINK, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.NETLINK_KOBJECT_UEVENT);
        if (descriptor < 0) return null;
        var socket = new SafeFileHandle(descriptor, ownsHandle: true);
        var room = Room;
        // Less room only means that more is lost when much happens, and that is seen.
        _ = Libc.SetOption(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUF, &room, sizeof(int));
        var address = new Libc.NetlinkAddress { Family = Libc.AF_NETLINK, Groups = KernelGroup };
        if (Libc.BindNetlink(socket, &address, (uint)sizeof(Libc.NetlinkAddress)) == 0) return new(socket);
        socket.Dispose();
        return null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) socket.Dispose();
    }

    private void Drain()
    {
        var buffer = stackalloc byte[8192];
        while (true)
        {
            Libc.NetlinkAddress from = default;
            var length = (uint)sizeof(Libc.NetlinkAddress);
            var read = Libc.ReceiveNetlink(socket, buffer, 8192, 0, &from, &length);
            if (read < 0 && Errno.Last == Errno.EINTR) continue;
            if (read < 0)
            {
                if (Errno.Last != Errno.ENOBUFS) return;
                changes++;
                continue;
            }

            // Anybody may send to the socket; the kernel alone has the port 0.
            if (from.Port != 0) continue;
            Heard++;
            if (KernelEvent.IsNewGeneration(new ReadOnlySpan<byte>(buffer, (int)read))) changes++;
        }
    }
}
