using System.Runtime.Versioning;
using Holdfast.Core.Access;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>Owner, group and mode as three entries, and those of its access list, where it has one, between them.</summary>
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
                new($"u:{owner}", PosixAccounts.NameOf(owner), PosixAcl.RightsOf(mode >> 6) | AccessRights.Write),
                .. ListOf(path)?.Select(entry => Entry(entry.IsUser, entry.Number ?? group, entry.Rights)) ?? [Entry(false, group, PosixAcl.RightsOf(mode >> 3))],
                new("o", "everybody", PosixAcl.RightsOf(mode)),
            ],
            FirstDecides: true);
    }

    public static AccessIds IdsOf(Account account) => new(
        account.Name,
        $"u:{account.UserId}",
        account.Groups.Select(group => $"g:{group}").ToHashSet(StringComparer.Ordinal),
        new HashSet<string>(["u:0", "g:0", $"u:{Libc.EffectiveUser()}", $"g:{Libc.EffectiveGroup()}"], StringComparer.Ordinal));

    private static AccessEntry Entry(bool isUser, uint number, AccessRights rights) => isUser
        ? new($"u:{number}", PosixAccounts.NameOf(number), rights)
        : new($"g:{number}", $"the group {PosixAccounts.GroupNameOf(number)}", rights);

    /// <summary>Null: it has none, and its mode says all.</summary>
    private static unsafe IReadOnlyList<(bool IsUser, uint? Number, AccessRights Rights)>? ListOf(string path)
    {
        var bytes = stackalloc byte[PosixRights.MostListBytes];
        var length = Libc.GetAttribute(path, PosixRights.AccessListName, bytes, PosixRights.MostListBytes);
        return length > 0 ? PosixAcl.Read(new(bytes, (int)length)) : null;
    }
}
