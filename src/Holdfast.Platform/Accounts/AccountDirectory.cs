using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Platform;

/// <summary>The host's accounts and groups.</summary>
public static class AccountDirectory
{
    /// <summary>The account that a spec names, by name or number, with its own groups unless the spec says others.</summary>
    /// <returns>Problems <c>account.no-such-user</c>, <c>account.no-such-group</c>.</returns>
    public static Outcome<Account> Find(UserSpec user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return OperatingSystem.IsLinux() ? Linux.PosixAccounts.Find(user)
            : OperatingSystem.IsWindows() ? Windows.Accounts.WindowsAccounts.Find(user)
            : throw Unsupported.Here("account directory");
    }

    /// <summary>Whose the administrators' files are that one more account reads (as their group): on Windows; null elsewhere, where root's are read by no other.</summary>
    public static Account? AdministratorsFor(Account reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return OperatingSystem.IsWindows() ? Windows.Accounts.WindowsAccounts.AdministratorsFor(reader) : null;
    }

    /// <summary>The account that this process runs under.</summary>
    public static Account Current() =>
        OperatingSystem.IsLinux() ? Linux.PosixAccounts.Current()
        : OperatingSystem.IsWindows() ? Windows.Accounts.WindowsAccounts.Current()
        : throw Unsupported.Here("account directory");

    /// <summary>The number of a group; null when there is none of that name.</summary>
    public static uint? FindGroup(string name) =>
        OperatingSystem.IsLinux() ? Linux.PosixAccounts.FindGroup(name)
        : OperatingSystem.IsWindows() ? Windows.Accounts.WindowsAccounts.FindGroup(name)
        : throw Unsupported.Here("account directory");

    /// <summary>What entries of access lists call a group (<see cref="Core.Access.AccessEntry"/>).</summary>
    /// <returns>Problem <c>account.no-such-group</c>.</returns>
    public static Outcome<string> GroupEntry(string name) =>
        OperatingSystem.IsLinux() ? Linux.PosixAccounts.GroupEntry(name)
        : OperatingSystem.IsWindows() ? Windows.Accounts.WindowsAccounts.GroupEntry(name)
        : throw Unsupported.Here("account directory");

    /// <summary>The name of a user number; the number itself when it has none.</summary>
    public static string NameOf(uint userId) =>
        OperatingSystem.IsLinux() ? Linux.PosixAccounts.NameOf(userId) : throw Unsupported.Here("account directory");
}
