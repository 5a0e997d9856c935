using System.Net.Sockets;

namespace Holdfast.Platform;

/// <summary>Who is at the other end of a local connection, as the kernel saw it when the connection was made.</summary>
/// <param name="UserName">The number in digits when the account has no name.</param>
/// <param name="Groups">The further groups that its process had.</param>
public sealed record PeerIdentity(int Pid, uint UserId, uint GroupId, string UserName, IReadOnlyList<uint> Groups)
{
    /// <summary>Windows' security identifier of the account; null elsewhere. There the numbers are the last parts of SIDs, and for people only.</summary>
    public string? Sid { get; init; }

    /// <summary>Of its groups, on Windows: those that count, so Administrators only where it is elevated.</summary>
    public IReadOnlyList<string> GroupSids { get; init; } = [];

    /// <summary>Root; on Windows the system, or an administrator who is elevated.</summary>
    public bool IsAdministrator => OperatingSystem.IsWindows()
        ? Sid is Windows.Accounts.Sids.LocalSystem or Windows.Accounts.Sids.Administrators || GroupSids.Contains(Windows.Accounts.Sids.Administrators)
        : UserId == 0;

    /// <summary>The account that this process runs under.</summary>
    public bool IsOurs => OperatingSystem.IsWindows() ? Sid == Windows.Accounts.Sids.Own : UserId == AccountDirectory.Current().UserId;

    /// <exception cref="SocketException">It is not a connected local socket.</exception>
    public static PeerIdentity Of(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return OperatingSystem.IsLinux() ? Linux.UnixPeer.Of(socket) : throw Unsupported.Here("peer identity");
    }

    /// <summary>Whether it had the group, as its primary or a further one, when it connected; false where the host has no such group.</summary>
    public bool IsMember(string group) => OperatingSystem.IsWindows()
        ? Windows.Accounts.WindowsAccounts.SidOf(group) is { } sid && GroupSids.Contains(sid)
        : AccountDirectory.FindGroup(group) is { } wanted && (GroupId == wanted || Groups.Contains(wanted));
}
