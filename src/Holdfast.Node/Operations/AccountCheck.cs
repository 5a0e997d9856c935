using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Access;
using Holdfast.Platform;

namespace Holdfast.Node.Operations;

/// <summary>Whether a service can be run under the account it names, and its groups are there: said at the deploy, before the release that runs is touched.</summary>
internal static class AccountCheck
{
    /// <returns>Problems <c>account.no-such-user</c>, <c>account.no-such-group</c>, <c>account.not-ours</c>.</returns>
    public static Outcome<Done> Run(ServiceSpec spec)
    {
        List<Problem> problems = [.. Run(spec.User).Problems, .. NamedGroups.Find(spec.Access).Problems];
        return problems.Count > 0 ? problems : Outcome.Done;
    }

    private static Outcome<Done> Run(UserSpec? user)
    {
        if (user is null)
            return Outcome.Done;
        var found = AccountDirectory.Find(user);
        if (!found.TryGet(out var account))
            return Outcome.Failed<Done>(found.Problems);
        var own = AccountDirectory.Current();
        return Environment.IsPrivilegedProcess || (account.UserId == own.UserId && account.GroupId == own.GroupId)
            ? Outcome.Done
            : new Problem(ProblemKind.Refused, "account.not-ours", $"The service wants to run as user {account.Name}, and this node runs as {own.Name}.")
            {
                Why = "only root becomes another account",
                Mend = $"run the agent as root, or leave `user` out: the service then runs as {own.Name}",
            };
    }
}
