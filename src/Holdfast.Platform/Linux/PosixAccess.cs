using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Holdfast.Core.Access;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>Owner, group and mode as three entries. Where a file has an access list, its mask stands in the group's place: the entry is then at least as wide as each of the list.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PosixAccess
{
    private const int StatxBytes = 256;
    private const ushort TypeMask = 0xF000;
    private const ushort Link = 0xA000;

    [SkipLocalsInit]
    public static SeenAccess? Read(string path)
    {
        var at = stackalloc byte[StatxBytes];
        if (Libc.Statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, at) < 0) return null;
        var mode = *(ushort*)(at + 28);
        if ((mode & TypeMask) == Link) return null;
        var (owner, group) = (*(uint*)(at + 20), *(uint*)(at + 24));
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
        new HashSet<string>([$"u:{account.UserId}", .. account.Groups.Select(group => $"g:{group}")], StringComparer.Ordinal),
        new HashSet<string>(["u:0", "g:0", $"u:{Libc.EffectiveUser()}"], StringComparer.Ordinal));

    private static AccessRights Rights(ushort mode, int shift)
    {
        var bits = (mode >> shift) & 7;
        return ((bits & 4) != 0 ? AccessRights.Read : 0) | ((bits & 2) != 0 ? AccessRights.Write : 0) | ((bits & 1) != 0 ? AccessRights.Execute : 0);
    }
}
