using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class UnixPeer
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;
    private const int SO_PEERGROUPS = 59;
    private const int MostGroups = 65536;

    public static PeerIdentity Of(Socket socket)
    {
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        var userId = (uint)credentials[1];
        return new(credentials[0], userId, (uint)credentials[2], PosixAccounts.NameOf(userId), Groups(socket));
    }

    /// <summary>Who connected, as the kernel remembers it; 0 where it belongs to a namespace that we cannot see.</summary>
    public static int PidOf(Socket socket)
    {
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        return credentials[0];
    }

    private static uint[] Groups(Socket socket)
    {
        for (var capacity = 64; ; capacity *= 4)
        {
            var groups = new uint[capacity];
            try
            {
                var bytes = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERGROUPS, MemoryMarshal.AsBytes(groups.AsSpan()));
                return groups[..(bytes / sizeof(uint))];
            }
            catch (SocketException) when (capacity < MostGroups)
            {
                // Too small a room; an account has at most 65,536 groups.
            }
        }
    }
}
