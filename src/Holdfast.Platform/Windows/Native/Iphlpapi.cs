using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Windows.Native;

[SupportedOSPlatform("windows")]
internal static unsafe partial class Iphlpapi
{
    public const int AF_INET = 2;
    public const int AF_INET6 = 23;
    public const int TCP_TABLE_OWNER_PID_LISTENER = 3;

    [LibraryImport("iphlpapi")]
    public static partial uint GetExtendedTcpTable(void* table, ref uint length, [MarshalAs(UnmanagedType.Bool)] bool sorted, int family, int kind, uint reserved);

    /// <summary>MIB_TCPROW_OWNER_PID; the port stands in the lower two bytes, the higher one first.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Row4
    {
        public uint State;
        public uint LocalAddress;
        public uint LocalPort;
        public uint RemoteAddress;
        public uint RemotePort;
        public int Pid;
    }

    /// <summary>MIB_TCP6ROW_OWNER_PID</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Row6
    {
        public fixed byte LocalAddress[16];
        public uint LocalScope;
        public uint LocalPort;
        public fixed byte RemoteAddress[16];
        public uint RemoteScope;
        public uint RemotePort;
        public uint State;
        public int Pid;
    }
}
