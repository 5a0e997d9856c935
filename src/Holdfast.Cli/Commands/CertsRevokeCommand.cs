using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Cli.Commands;

internal sealed class CertsRevokeCommand : CliCommand
{
    private readonly Argument<string> given = new("name") { Description = "Whose (all that hold), or one by its serial" };
    private readonly Option<string?> reason = new("--reason") { Description = "Goes into the register and the record", HelpName = "TEXT" };

    public CertsRevokeCommand(CliContext cli)
        : base(cli, "revoke", "Take certificates back: from their next call on they are not taken")
    {
        Arguments.Add(given);
        Options.Add(reason);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var (whose, why) = (parse.GetRequiredValue(given), parse.GetValue(reason) ?? "");
        var authority = new CertificateAuthority(Cli.Home, Cli.Time);
        var details = new Dictionary<string, string>();
        if (why.Length > 0) details["reason"] = why;
        var revoked = await new RecordedAct(Cli).RunAsync(
            "certs.revoke", whose, details, () => authority.RevokeAsync(whose, why, cancel), cancel, all => new Dictionary<string, string>(details) { ["serials"] = string.Join(' ', all.Select(one => one.Serial)) });
        if (!revoked.TryGet(out var gone)) return Terminal.Fail(revoked.Problems);
        foreach (var one in gone) Terminal.Line($"{one.Peer}  serial {one.Serial}, would have held until {one.Until.UtcDateTime:u}");
        return ExitCode.Ok;
    }
}
