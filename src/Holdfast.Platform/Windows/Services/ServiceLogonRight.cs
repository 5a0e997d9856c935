using System.Runtime.Versioning;
using System.Security.Principal;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>"Log on as a service" (SeServiceLogonRight), without which the SCM cannot start a service under an account (error 1069).</summary>
[SupportedOSPlatform("windows")]
public static unsafe class ServiceLogonRight
{
    private const string Name = "SeServiceLogonRight";

    /// <summary>Built-in and virtual accounts have it by what they are.</summary>
    public static bool IsNeeded(string account) => ScmAccount.Canonical(account) is not (ScmAccount.LocalSystem or ScmAccount.LocalService or ScmAccount.NetworkService) && ScmAccount.VirtualSid(account) is null;

    /// <summary>Done also where it has it. Whether a group of the account has it, is not seen here.</summary>
    /// <param name="account">As the SCM is told it.</param>
    public static Outcome<Done> Grant(string account) => Grant(new Advapi32LsaApi(), account);

    internal static Outcome<Done> Grant(ILsaApi lsa, string account)
    {
        if (WindowsAccounts.SidOf(account) is not { } sid)
            return new Problem(ProblemKind.BadInput, "account.no-such-user", $"There is no user {account} on this host.");
        var attributes = new Advapi32.LsaAttributes { Length = (uint)sizeof(Advapi32.LsaAttributes) };
        var status = lsa.OpenPolicy(&attributes, Advapi32.POLICY_LOOKUP_NAMES | Advapi32.POLICY_CREATE_ACCOUNT, out var policy);
        if (status != 0) return Failed(lsa, account, status);
        try
        {
            var identifier = new SecurityIdentifier(sid);
            var bytes = new byte[identifier.BinaryLength];
            identifier.GetBinaryForm(bytes, 0);
            fixed (byte* who = bytes)
            fixed (char* text = Name)
            {
                var right = new Advapi32.LsaText { Length = (ushort)(Name.Length * sizeof(char)), Room = (ushort)((Name.Length + 1) * sizeof(char)), Text = text };
                status = lsa.AddAccountRights(policy, who, &right, 1);
            }

            return status == 0 ? Outcome.Done : Failed(lsa, account, status);
        }
        finally
        {
            _ = lsa.Close(policy);
        }
    }

    private static Problem Failed(ILsaApi lsa, string account, int status) => new(ProblemKind.Failed, "account.logon-right", $"\"Log on as a service\" cannot be given to {account}: {Win32Error.Describe((int)lsa.ToWin32(status))}.")
    {
        Mend = "run it elevated; where a group policy sets User Rights Assignment, add the account there: it would be taken away again",
    };
}
