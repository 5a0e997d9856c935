using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Platform.Windows.Accounts;

/// <summary>
/// Accounts by their SIDs. The numbers of <see cref="Account"/> are the last parts of SIDs and for people only: whoever compares accounts
/// on Windows compares SIDs.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WindowsAccounts
{
    /// <summary>What services.msc calls them, which no look-up knows by these names.</summary>
    private static readonly Dictionary<string, string> builtIn = new(StringComparer.OrdinalIgnoreCase)
    {
        ["LocalSystem"] = Sids.LocalSystem,
        ["LocalService"] = "S-1-5-19",
        ["NetworkService"] = "S-1-5-20",
    };

    public static Outcome<Account> Find(UserSpec user)
    {
        var problems = new List<Problem>();
        var sid = SidOf(user.Name);
        if (sid is null) problems.Add(NoUser(user.Name));
        var groups = new List<string>();
        foreach (var name in (user.Groups ?? []).Prepend(user.Group).OfType<string>())
        {
            if (SidOf(name) is { } group) groups.Add(group);
            else problems.Add(NoGroup(name));
        }

        if (problems.Count > 0) return problems;
        var numbers = groups.Select(Sids.RelativeId).ToList();
        var known = Sids.NameOf(sid!);
        // A virtual account has no name of its own before its service is there.
        return new Account(known == sid ? user.Name : known, Sids.RelativeId(sid!), numbers.FirstOrDefault(), numbers) { Sid = sid, GroupSid = user.Group is null ? null : groups[0] };
    }

    public static Account AdministratorsFor(Account reader) =>
        new(Sids.NameOf(Sids.Administrators), Sids.RelativeId(Sids.Administrators), reader.UserId, [reader.UserId]) { Sid = Sids.Administrators, GroupSid = reader.Sid };

    public static Account Current()
    {
        using var token = Sids.OwnToken();
        var sid = Sids.UserOf(token);
        var groups = Sids.GroupsOf(token).Select(Sids.RelativeId).ToList();
        return new(Sids.NameOf(sid), Sids.RelativeId(sid), groups.FirstOrDefault(), groups) { Sid = sid };
    }

    public static string? SidOf(string name)
    {
        if (name.StartsWith("S-1-", StringComparison.Ordinal)) return name;
        if (builtIn.TryGetValue(name, out var known)) return known;
        // As services.msc writes a local account.
        if (name.StartsWith(@".\", StringComparison.Ordinal)) name = name[2..];
        return Sids.Find(name) ?? ScmAccount.VirtualSid(name);
    }

    public static uint? FindGroup(string name) => SidOf(name) is { } sid ? Sids.RelativeId(sid) : null;

    public static Outcome<string> GroupEntry(string name) => SidOf(name) is { } sid && IsSid(sid) ? sid : NoGroup(name);

    /// <summary>What is written as one may still be none.</summary>
    private static bool IsSid(string text) => text.Split('-') is ["S", "1", _, _, ..] parts && parts.Skip(2).All(part => uint.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _));

    private static Problem NoUser(string name) => new(ProblemKind.BadInput, "account.no-such-user", $"There is no user {name} on this host.")
    {
        Mend = @"name one that is there: LocalService, NetworkService, NT SERVICE\name, DOMAIN\name, or DOMAIN\name$ of a group-managed account",
    };

    private static Problem NoGroup(string name) => new(ProblemKind.BadInput, "account.no-such-group", $"There is no group {name} on this host.")
    {
        Mend = $"create it (net localgroup \"{name}\" /add) or name another",
    };
}
