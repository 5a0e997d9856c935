using System.CommandLine;
using Holdfast.Cli.Units;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;
using Holdfast.Packaging.Documents;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Cli.Commands;

/// <summary>What the service manager must know of a service's account, beyond its name.</summary>
internal sealed class AccountOptions
{
    private readonly Option<string?> from = new("--password-from")
    {
        Description = "Windows: an inherited handle whose first line is the account's password; - is standard input. Without it you are asked, where the account has one",
        HelpName = "HANDLE",
    };

    private readonly Option<bool> grant = new("--grant-logon-right") { Description = "Windows: give the account the right to log on as a service, where it may lack it" };

    public IEnumerable<Option> All => [from, grant];

    public bool AreGiven(ParseResult parse) => All.Any(option => parse.GetResult(option) is { Implicit: false });

    /// <summary>Before anything is changed: the right, where it was asked for, and the password, where one is needed.</summary>
    /// <param name="specText">What the service is to be.</param>
    /// <param name="before">The account until now; null: there is none yet, or it is the service manager's own.</param>
    public Outcome<AccountPassword> Prepare(ParseResult parse, INativeServices manager, string specText, string? before) =>
        SpecFile.Read(specText, "the spec").Then(spec =>
        {
            var account = PinnedServices.LogOnAs(spec);
            var known = spec.User is { } user ? AccountDirectory.Find(user).Then(_ => Outcome.Done) : Outcome.Done;
            return known.Then(_ => Grant(parse, account)).Then(_ => manager.PasswordOf(account, before, parse.GetValue(from)));
        });

    private Outcome<Done> Grant(ParseResult parse, string? account)
    {
        if (!parse.GetValue(grant)) return Outcome.Done;
        if (!OperatingSystem.IsWindows())
            return new Problem(ProblemKind.BadInput, "service.logon-right", "there is no such right on this system") { Mend = "leave --grant-logon-right out" };
        return account is null || !ServiceLogonRight.IsNeeded(account) ? Outcome.Done : ServiceLogonRight.Grant(account);
    }
}
