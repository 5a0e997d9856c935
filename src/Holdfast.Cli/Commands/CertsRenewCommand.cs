using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Cli.Commands;

internal sealed class CertsRenewCommand : CliCommand
{
    private readonly Argument<string?> name = new("name") { Description = "Whose (default: this node's own)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> request = CertificateOptions.Request();
    private readonly Option<string?> output = CertificateOptions.Out();

    public CertsRenewCommand(CliContext cli)
        : base(cli, "renew", "Give out another certificate for who has one; the former one holds until it ends or is revoked")
    {
        Arguments.Add(name);
        Options.Add(request);
        Options.Add(output);
        Validators.Add(result =>
        {
            if (result.GetValue(name) is null && (result.GetValue(request) is not null || result.GetValue(output) is not null)) result.AddError("--request and --out are for a certificate that has a name");
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var authority = new CertificateAuthority(Cli.Home, Cli.Time);
        if (parse.GetValue(name) is not { } whose) return await RenewNodeAsync(authority, cancel);
        var path = Cli.PathOf(parse.GetValue(output) ?? $"{whose.Split('/')[^1]}.pem");
        if (CertificateOptions.IsFree(path) is { IsOk: false } taken) return Terminal.Fail(taken.Problems);
        var asked = await CertificateOptions.ReadRequestAsync(Cli, parse.GetValue(request), cancel);
        var made = await new RecordedAct(Cli).RunAsync(
            "certs.renew",
            whose,
            new Dictionary<string, string>(),
            async () => await authority.RenewAsync(whose, asked, cancel) is var renewed && renewed.TryGet(out var one) ? CertificateOptions.Write(path, one.File).Then(_ => Outcome.Of(one)) : renewed,
            cancel,
            one => CertificateOptions.Details(one.Entry));
        if (!made.TryGet(out var certificate)) return Terminal.Fail(made.Problems);
        CertificateOptions.Say(Cli, path, certificate);
        return ExitCode.Ok;
    }

    private async Task<int> RenewNodeAsync(CertificateAuthority authority, CancellationToken cancel)
    {
        var made = await new RecordedAct(Cli).RunAsync("certs.renew", "node", new Dictionary<string, string>(), () => authority.RenewNodeAsync(cancel), cancel, CertificateOptions.Details);
        if (!made.TryGet(out var own)) return Terminal.Fail(made.Problems);
        Terminal.Line($"{own.Peer}  serial {own.Serial}, until {own.Until.UtcDateTime:u}");
        Terminal.Say("An agent that listens shows it from the next connection on.");
        return ExitCode.Ok;
    }
}
