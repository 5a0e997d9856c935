using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

/// <summary>The account database through the C library, so that directory services behind nsswitch count as well.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PosixAccounts
{
    public static Outcome<Account> Find(UserSpec user)
    {
        var known = Number(user.Name) is { } number ? Read(number) : Read(user.Name);
        var problems = new List<Problem>();
        if (known is null && (Number(user.Name) is null || user.Group is null))
            problems.Add(NoUser(user.Name));
        uint Resolve(string name, uint otherwise)
        {
            if (FindGroup(name) is { } found)
                return found;
            problems.Add(NoGroup(name));
            return otherwise;
        }

        var primary = user.Group is null ? known?.GroupId ?? 0 : Resolve(user.Group, 0);
        var further = user.Groups?.Select(name => Resolve(name, primary)).ToList();
        if (problems.Count > 0)
            return problems;
        var groups = further ?? (known is null ? [] : GroupsOf(known.Name, primary));
        return new Account(known?.Name ?? user.Name, known?.UserId ?? Number(user.Name)!.Value, primary, [.. groups.Prepend(primary).Distinct()]);
    }

    public static Account Current()
    {
        var userId = Libc.EffectiveUser();
        var group = Libc.EffectiveGroup();
        var count = Libc.GetOwnGroups(0, null);
        var groups = new uint[Math.Max(count, 0)];
        fixed (uint* into = groups)
            count = Libc.GetOwnGroups(groups.Length, into);
        return new(NameOf(userId), userId, group, [.. groups.Take(Math.Max(count, 0)).Prepend(group).Distinct()]);
    }

    public static string NameOf(uint userId) => Read(userId)?.Name ?? userId.ToString(CultureInfo.InvariantCulture);

    public static uint? FindGroup(string name) => Number(name) ?? ReadGroup((entry, at, size) =>
    {
        var errno = Libc.GetGroup(name, (Libc.GroupEntry*)entry, (byte*)at, (nuint)size, out var found);
        return (errno, found);
    })?.Id;

    public static Outcome<string> GroupEntry(string name) => FindGroup(name) is { } group ? $"g:{group}" : NoGroup(name);

    /// <summary>The number itself where it has no name.</summary>
    public static string GroupNameOf(uint group) => ReadGroup((entry, at, size) =>
    {
        var errno = Libc.GetGroup(group, (Libc.GroupEntry*)entry, (byte*)at, (nuint)size, out var found);
        return (errno, found);
    })?.Name ?? group.ToString(CultureInfo.InvariantCulture);

    private static (uint Id, string Name)? ReadGroup(Func<nint, nint, int, (int Errno, nint Found)> ask)
    {
        for (var size = 1024; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* at = buffer)
            {
                Libc.GroupEntry entry;
                var (errno, found) = ask((nint)(&entry), (nint)at, size);
                if (errno == Errno.ERANGE)
                    continue;
                return found == 0 ? null : (entry.GroupId, Marshal.PtrToStringUTF8(entry.Name)!);
            }
        }
    }

    private static Account? Read(string name) => Read((entry, at, size) =>
    {
        var errno = Libc.GetUser(name, (Libc.UserEntry*)entry, (byte*)at, (nuint)size, out var found);
        return (errno, found);
    });

    private static Account? Read(uint userId) => Read((entry, at, size) =>
    {
        var errno = Libc.GetUser(userId, (Libc.UserEntry*)entry, (byte*)at, (nuint)size, out var found);
        return (errno, found);
    });

    private static Account? Read(Func<nint, nint, int, (int Errno, nint Found)> ask)
    {
        for (var size = 1024; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* at = buffer)
            {
                Libc.UserEntry entry;
                var (errno, found) = ask((nint)(&entry), (nint)at, size);
                if (errno == Errno.ERANGE)
                    continue;
                return found == 0 ? null : new(Marshal.PtrToStringUTF8(entry.Name)!, entry.UserId, entry.GroupId, [entry.GroupId]);
            }
        }
    }

    private static List<uint> GroupsOf(string user, uint primary)
    {
        for (var capacity = 32; ; capacity *= 4)
        {
            var groups = new uint[capacity];
            var count = capacity;
            fixed (uint* into = groups)
            {
                if (Libc.GetGroupsOf(user, primary, into, ref count) >= 0)
                    return [.. groups.Take(count)];
            }
        }
    }

    private static uint? Number(string name) =>
        uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Problem NoUser(string name) => new(ProblemKind.BadInput, "account.no-such-user", $"There is no user {name} on this host.")
    {
        Mend = Number(name) is null
            ? $"create it (useradd --system {name}) or name another in 'user'"
            : "an account that is only a number needs a 'group' beside it",
    };

    private static Problem NoGroup(string name) => new(ProblemKind.BadInput, "account.no-such-group", $"There is no group {name} on this host.")
    {
        Mend = $"create it (groupadd --system {name}) or name another",
    };
}
