using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Accounts;

/// <summary>A privilege that an administrator has but does not use, used until it is disposed of: by this whole process.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class Privilege : IDisposable
{
    /// <summary>To open a file for its rights and its owner whatever its list says, and to name any owner.</summary>
    public const string Restore = "SeRestorePrivilege";

    /// <summary>As it was; null: it was in use already, or this account does not have it.</summary>
    private Advapi32.OnePrivilege? before;

    private Privilege(Advapi32.OnePrivilege? before) => this.before = before;

    /// <summary>Whoever does not have it goes on without.</summary>
    public static Privilege Hold(string name)
    {
        if (!Advapi32.LookupPrivilegeValue(null, name, out var id)) return new(null);
        Advapi32.OnePrivilege wanted = new() { Count = 1, Id = id, Attributes = Advapi32.SE_PRIVILEGE_ENABLED };
        return Adjust(&wanted) is { Count: 1 } before ? new(before) : new(null);
    }

    public void Dispose()
    {
        if (before is not { } was) return;
        before = null;
        Adjust(&was);
    }

    /// <summary>What was changed by it, as it was before.</summary>
    private static Advapi32.OnePrivilege Adjust(Advapi32.OnePrivilege* wanted)
    {
        Advapi32.OnePrivilege before = default;
        if (!Advapi32.OpenProcessToken(Kernel32.GetCurrentProcess(), Advapi32.TOKEN_QUERY | Advapi32.TOKEN_ADJUST_PRIVILEGES, out var token)) return before;
        using (token) Advapi32.AdjustTokenPrivileges(token, false, wanted, (uint)sizeof(Advapi32.OnePrivilege), &before, out _);
        return before;
    }
}
