using System.Buffers.Binary;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Processes;

namespace Holdfast.Platform.Windows.Ports;

/// <summary>GetExtendedTcpTable: who listens.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class TcpTable
{
    public static bool IsTaken(int port) => Listeners(port, Read).Count > 0;

    /// <summary>0 stands for a process that Windows does not name.</summary>
    public static PortOwner? OwnerOf(int port) =>
        Listeners(port, Read).FirstOrDefault(pid => pid != 0) is var pid and not 0 ? new(pid, ProcessTable.Read(pid)?.Name ?? "a process that has just ended") : null;

    /// <param name="read">Of a family of addresses: a count and its rows, by iphlpapi's offsets.</param>
    internal static IReadOnlyList<int> Listeners(int port, Func<int, byte[]> read)
    {
        var pids = new List<int>();
        fixed (byte* table = read(Iphlpapi.AF_INET))
        {
            for (var i = 0; table is not null && i < *(uint*)table; i++)
            {
                var row = ((Iphlpapi.Row4*)(table + sizeof(uint)))[i];
                if (PortOf(row.LocalPort) == port) pids.Add(row.Pid);
            }
        }

        fixed (byte* table = read(Iphlpapi.AF_INET6))
        {
            for (var i = 0; table is not null && i < *(uint*)table; i++)
            {
                var row = ((Iphlpapi.Row6*)(table + sizeof(uint)))[i];
                if (PortOf(row.LocalPort) == port) pids.Add(row.Pid);
            }
        }

        return pids;
    }

    private static int PortOf(uint field) => BinaryPrimitives.ReverseEndianness((ushort)field);

    /// <summary>A count and its rows; nothing where there is no such family.</summary>
    private static byte[] Read(int family)
    {
        uint length = 0;
        var table = Array.Empty<byte>();
        while (true)
        {
            fixed (byte* at = table)
            {
                var error = Iphlpapi.GetExtendedTcpTable(at, ref length, false, family, Iphlpapi.TCP_TABLE_OWNER_PID_LISTENER, 0);
                if (error == 0) return table;
                // It grows while it is being read.
                if (error != Win32Error.INSUFFICIENT_BUFFER) return [];
            }

            table = new byte[length];
        }
    }
}
