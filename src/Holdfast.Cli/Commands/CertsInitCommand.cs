using System.CommandLine;
using System.Net;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Cli.Commands;

internal sealed class CertsInitCommand : CliCommand
{
    private readonly Option<string?> node = new("--node") { Description = "The node's name (default: the host's)", HelpName = "NAME" };
    private readonly Option<string[]> address = CertificateOptions.Address();

    public CertsInitCommand(CliContext cli)
        : base(cli, "init", "Make an authority for the API, and this node's own certificate; never overwrites")
    {
        Options.Add(node);
        Options.Add(address);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = (parse.GetValue(node) ?? Environment.MachineName).ToLowerInvariant();
        string[] usual = [Dns.GetHostName().ToLowerInvariant(), "localhost", "127.0.0.1", "::1"];
        string[] addresses = [.. usual.Concat(parse.GetValue(address) ?? []).Where(one => one.Length > 0).Distinct(StringComparer.Ordinal)];
        var authority = new CertificateAuthority(Cli.Home, Cli.Time);
        var made = await new RecordedAct(Cli).RunAsync(
            "certs.init", $"node/{name}", new Dictionary<string, string> { ["addresses"] = string.Join(' ', addresses) }, () => authority.InitAsync(name, addresses, cancel), cancel);
        if (!made.TryGet(out var own)) return Terminal.Fail(made.Problems);
        Terminal.Line($"{own.Peer}  until {own.Until.UtcDateTime:u}, called by {string.Join(", ", own.Addresses)}");
        Terminal.Say($"""
            The authority is in {Cli.Home.Pki}: whoever reads that folder can make certificates for everybody.
            Let the agent answer across the network: holdfast agent --listen 0.0.0.0:7420 (or agent start, agent install).
            Give somebody access: holdfast certs issue operator NAME
            """);
        return ExitCode.Ok;
    }
}
