using System.Runtime.Versioning;
using System.Security.AccessControl;
using Holdfast.Core.Access;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Files;

/// <summary>Owner and access list. Entries that deny are not looked at, nor those that are only handed down: a list is judged by what it gives.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsAccess
{
    private const uint Writes = AccessList.Change | AccessList.Replace;

    public static SeenAccess? Read(string path) => AccessList.Of(path) is { } descriptor ? Of(path, descriptor) : null;

    public static AccessIds IdsOf(Account account)
    {
        string[] trusted = Sids.OwnIsAdministrator ? [] : [Sids.Own];
        return new(
            account.Name,
            account.Sid!,
            account.GroupSid is { } group ? new HashSet<string>([group], StringComparer.Ordinal) : [],
            new HashSet<string>([Sids.LocalSystem, Sids.Administrators, Sids.TrustedInstaller, Sids.CreatorOwner, .. trusted], StringComparer.Ordinal));
    }

    internal static SeenAccess Of(string path, RawSecurityDescriptor descriptor)
    {
        var entries = new List<AccessEntry>();
        // Who owns it may change its list, whatever that says.
        if (descriptor.Owner is { } owner) entries.Add(new(owner.Value, Sids.NameOf(owner.Value), AccessRights.Write));
        if (descriptor.DiscretionaryAcl is not { } list)
            entries.Add(new("S-1-1-0", "Everyone", AccessRights.Read | AccessRights.Write | AccessRights.Execute));
        else
            entries.AddRange(list.OfType<QualifiedAce>().Where(Gives).Select(entry => new AccessEntry(entry.SecurityIdentifier.Value, Sids.NameOf(entry.SecurityIdentifier.Value), Rights((uint)entry.AccessMask))));
        var each = entries.GroupBy(entry => entry.Id, StringComparer.Ordinal).Select(of => of.First() with { Rights = of.Aggregate(AccessRights.None, (all, entry) => all | entry.Rights) });
        return new(path, [.. each], FirstDecides: false);
    }

    private static bool Gives(QualifiedAce entry) => entry.AceQualifier == AceQualifier.AccessAllowed && (entry.AceFlags & AceFlags.InheritOnly) == 0;

    private static AccessRights Rights(uint mask) =>
        ((mask & (Kernel32.FILE_READ_DATA | Kernel32.GENERIC_READ | Kernel32.GENERIC_ALL)) != 0 ? AccessRights.Read : 0)
        | ((mask & Writes) != 0 ? AccessRights.Write : 0)
        | ((mask & (Kernel32.FILE_EXECUTE | Kernel32.GENERIC_EXECUTE | Kernel32.GENERIC_ALL)) != 0 ? AccessRights.Execute : 0);
}
