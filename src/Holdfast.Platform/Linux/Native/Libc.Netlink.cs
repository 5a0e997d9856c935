using System.Runtime.InteropServices;

namespace Holdfast.Platform.Linux.Native;

/// <summary>Of <c>linux/netlink.h</c>.</summary>
internal static partial class Libc
{
    public const int AF_NETLINK = 16;
    public const int SOCK_DGRAM = 2;
    public const int NETLINK_KOBJECT_UEVENT = 15;
    public const int SO_RCVBUF = 8;

    /// <summary>struct sockaddr_nl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;

        /// <summary>Of who sends: 0 is the kernel.</summary>
        public uint Port;

        /// <summary>A bit each.</summary>
        public uint Groups;
    }

    [LibraryImport(Name, EntryPoint = "bind", SetLastError = true)]
    public static unsafe partial int BindNetlink(SafeHandle socket, NetlinkAddress* address, uint length);

    [LibraryImport(Name, EntryPoint = "recvfrom", SetLastError = true)]
    public static unsafe partial nint ReceiveNetlink(SafeHandle socket, byte* buffer, nuint count, int flags, NetlinkAddress* from, uint* length);
}
