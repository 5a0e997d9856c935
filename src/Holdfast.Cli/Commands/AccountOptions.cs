using System.CommandLine;
using Holdfast.Cli.Units;
using Holdfast.Core.Problems;
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

    /// <param name="account">Null: the service manager's own.</param>
    /// <param name="before">The account until now.</param>
    public Outcome<AccountPassword> Password(ParseResult parse, INativeServices manager, string? account, string? before) => manager.PasswordOf(account, before, parse.GetValue(from));

    /// <summary>The right, where it was asked for.</summary>
    public Outcome<Done> Grant(ParseResult parse, string? account)
    {
        if (!parse.GetValue(grant)) return Outcome.Done;
        if (!OperatingSystem.IsWindows())
            return new Problem(ProblemKind.BadInput, "service.logon-right", "there is no such right on this system") { Mend = "leave --grant-logon-right out" };
        return account is null || !ServiceLogonRight.IsNeeded(account) ? Outcome.Done : ServiceLogonRight.Grant(account);
    }
}
