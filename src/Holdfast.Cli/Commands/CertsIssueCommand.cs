using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Cli.Commands;

internal sealed class CertsIssueCommand : CliCommand
{
    private readonly Argument<string> role = CertificateOptions.Role();
    private readonly Argument<string> name = CertificateOptions.Name();
    private readonly Option<string[]> address = CertificateOptions.Address();
    private readonly Option<int> days = new("--days") { Description = "How long it holds", HelpName = "N", DefaultValueFactory = _ => (int)CertificateAuthority.UsualLife.TotalDays };
    private readonly Option<string?> request = CertificateOptions.Request();
    private readonly Option<string?> output = CertificateOptions.Out();

    public CertsIssueCommand(CliContext cli)
        : base(cli, "issue", "Give out a certificate, with its key and whom to believe in one file")
    {
        Arguments.Add(role);
        Arguments.Add(name);
        foreach (var option in new Option[] { address, days, request, output }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var path = Cli.PathOf(parse.GetValue(output) ?? $"{parse.GetValue(name)}.pem");
        var given = PeerName.Of(parse.GetRequiredValue(role), parse.GetRequiredValue(name));
        var free = given.IsOk ? CertificateOptions.IsFree(path) : Outcome.Done;
        if (!given.IsOk || !free.IsOk) return Terminal.Fail([.. given.Problems, .. free.Problems]);
        var asked = await CertificateOptions.ReadRequestAsync(Cli, parse.GetValue(request), cancel);
        var authority = new CertificateAuthority(Cli.Home, Cli.Time);
        var made = await new RecordedAct(Cli).RunAsync(
            "certs.issue",
            given.Value.ToString(),
            new Dictionary<string, string> { ["days"] = $"{parse.GetValue(days)}" },
            async () => await authority.IssueAsync(given.Value, parse.GetValue(address) ?? [], TimeSpan.FromDays(parse.GetValue(days)), asked, cancel) is var issued && issued.TryGet(out var one)
                ? CertificateOptions.Write(path, one.File).Then(_ => Outcome.Of(one))
                : issued,
            cancel,
            one => CertificateOptions.Details(one.Entry));
        if (!made.TryGet(out var certificate)) return Terminal.Fail(made.Problems);
        CertificateOptions.Say(Cli, path, certificate);
        return ExitCode.Ok;
    }
}
