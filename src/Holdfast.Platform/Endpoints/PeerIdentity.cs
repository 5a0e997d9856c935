using System.Net.Sockets;

namespace Holdfast.Platform;

/// <summary>Who is at the other end of a local socket, as the kernel saw it when the connection was made.</summary>
/// <param name="UserName">The number in digits when the account has no name.</param>
public sealed record PeerIdentity(int Pid, uint UserId, uint GroupId, string UserName)
{
    /// <exception cref="SocketException">It is not a connected local socket.</exception>
    public static PeerIdentity Of(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return OperatingSystem.IsLinux() ? Linux.UnixPeer.Of(socket) : throw Unsupported.Here("peer identity");
    }

    /// <summary>Whether the account belongs to the group, by its primary or any further one (as the account database says now).</summary>
    public bool IsMember(string group) =>
        OperatingSystem.IsLinux() ? Linux.UnixPeer.IsMember(this, group) : throw Unsupported.Here("peer identity");
}
