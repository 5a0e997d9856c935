using System.Net.Sockets;

namespace Holdfast.Platform;

/// <summary>Who is at the other end of a local socket, as the kernel saw it when the connection was made.</summary>
/// <param name="UserName">The number in digits when the account has no name.</param>
/// <param name="Groups">The further groups that its process had.</param>
public sealed record PeerIdentity(int Pid, uint UserId, uint GroupId, string UserName, IReadOnlyList<uint> Groups)
{
    /// <exception cref="SocketException">It is not a connected local socket.</exception>
    public static PeerIdentity Of(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return OperatingSystem.IsLinux() ? Linux.UnixPeer.Of(socket) : throw Unsupported.Here("peer identity");
    }

    /// <summary>Whether it had the group, as its primary or a further one, when it connected; false where the host has no such group.</summary>
    public bool IsMember(string group) =>
        AccountDirectory.FindGroup(group) is { } wanted && (GroupId == wanted || Groups.Contains(wanted));
}
