using Holdfast.Core.Access;
using Holdfast.Platform;

namespace Holdfast.Node.Access;

/// <summary>How what lies in each area of a service is made: the one table, for whoever makes it and for whoever sets it right again.</summary>
internal static class AreaRights
{
    private const UnixFileMode Executes = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Elsewhere nobody but root gives a file away; on Windows nobody named means the administrators.</summary>
    private static Account? Keeper => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? AccountDirectory.Current() : null;

    /// <summary>Of an area's folders; its files have the same, and are not executed.</summary>
    /// <param name="account">Whose the area is, or who reads what is pinned; null: it is the node's alone.</param>
    /// <param name="groups">Who has something in it by the service's <c>access</c>.</param>
    public static FileRights Of(string area, Account? account, IReadOnlyList<NamedAccess> groups) => (area, account) switch
    {
        // What a supervisor keeps is its own alone.
        (Areas.Orders, _) or (Areas.Pins, null) => new(FolderRights.OwnerOnly, account ?? Keeper),
        (Areas.Pins, not null) => new(FolderRights.OwnerAndGroup, AccountDirectory.AdministratorsFor(account)),
        _ => new(FolderRights.OwnerAndGroup, account ?? Keeper) { Named = groups },
    };

    /// <summary>
    /// Of one file or folder of a program that lies on the host. It is only closed, never opened further: what is executable stays so. Where no group is named, others
    /// may go on reading it; where one is, it is the service's account's and those groups' alone.
    /// </summary>
    public static FileRights OfCode(string path, AccessIds account, IReadOnlyList<NamedAccess> groups)
    {
        var mode = OperatingSystem.IsWindows() ? FolderRights.Public : File.GetUnixFileMode(path) & ~OthersWrite;
        if (groups.Count == 0) return new(mode, Keeper);
        var runs = AccessRights.Read | ((mode & Executes) != 0 ? AccessRights.Execute : AccessRights.None);
        IEnumerable<NamedAccess> named = account.IsNode ? groups : groups.Prepend(new(account.Id, account.Name, AccessRights.Read | AccessRights.Execute));
        return new(mode & FolderRights.OwnerOnly, Keeper) { Named = [.. named.Select(one => one with { Rights = one.Rights & runs })] };
    }
}
