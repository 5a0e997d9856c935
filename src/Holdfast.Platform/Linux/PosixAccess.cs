using System.Runtime.Versioning;
using Holdfast.Core.Access;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>Owner, group and mode as three entries. Where a file has an access list, its mask stands in the group's place: the entry is then at least as wide as each of the list.</summary>
[SupportedOSPlatform("linux")]
internal static class PosixAccess
{
    private const ushort Link = 0xA000;

    public static SeenAccess? Read(string path)
    {
        if (PosixFileFacts.Rights(path) is not var (owner, group, mode) || (mode & PosixFileFacts.TypeMask) == Link) return null;
        return new(
            path,
            [
                // An owner may give himself what he lacks.
                new($"u:{owner}", PosixAccounts.NameOf(owner), Rights(mode, 6) | AccessRights.Write),
                new($"g:{group}", $"the group {PosixAccounts.GroupNameOf(group)}", Rights(mode, 3)),
                new("o", "everybody", Rights(mode, 0)),
            ],
            FirstDecides: true);
    }

    public static AccessIds IdsOf(Account account) => new(
        account.Name,
        $"u:{account.UserId}",
        account.Groups.Select(group => $"g:{group}").ToHashSet(StringComparer.Ordinal),
        new HashSet<string>(["u:0", "g:0", $"u:{Libc.EffectiveUser()}", $"g:{Libc.EffectiveGroup()}"], StringComparer.Ordinal));

    private static AccessRights Rights(ushort mode, int shift)
    {
        var bits = (mode >> shift) & 7;
        return ((bits & 4) != 0 ? AccessRights.Read : 0) | ((bits & 2) != 0 ? AccessRights.Write : 0) | ((bits & 1) != 0 ? AccessRights.Execute : 0);
    }
}
