using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices;

/// <summary>A package's service that Windows itself is to know (<c>windows: {nativeService: true}</c>): what that means on the node that keeps it.</summary>
public static class NativeHosting
{
    public static bool IsNative(ServiceSpec spec, bool windows)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return windows && spec.Windows is { NativeService: true };
    }

    /// <summary>The spec as this host keeps it: a native service has a supervisor of its own, which is the service that Windows knows.</summary>
    public static ServiceSpec On(ServiceSpec spec, bool windows) => IsNative(spec, windows) ? spec with { Supervisor = SupervisorKind.Dedicated } : spec;

    /// <summary>Log On As: what the spec says, else its virtual account. Null: LocalSystem.</summary>
    public static string? LogOnAs(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var account = ScmAccount.Canonical(spec.User?.Name ?? ScmAccount.Virtual(spec.Name));
        return account == ScmAccount.LocalSystem ? null : account;
    }

    /// <summary>Whether the SCM can log its account on with what a package and a node have, which is no password.</summary>
    public static Outcome<Done> CheckAccount(ServiceSpec spec) => LogOnAs(spec) is { } account && !ScmAccount.HasNoPassword(account)
        ? new Problem(ProblemKind.Refused, "native.password", $"{spec.Name} is to log on as {account}, which has a password")
        {
            Why = "a package brings no passwords, and a node keeps none",
            Mend = $"leave `user` out ({ScmAccount.Virtual(spec.Name)} has none), name a managed account (DOMAIN\\name$), or install the program: holdfast service install --log-on-as --password-from",
        }
        : Outcome.Done;
}
