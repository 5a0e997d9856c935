using System.CommandLine;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;

namespace Holdfast.Cli.Commands;

/// <summary>On the machine of who wants a certificate: its key stays there.</summary>
internal sealed class CertsRequestCommand : CliCommand
{
    private readonly Argument<string> role = CertificateOptions.Role();
    private readonly Argument<string> name = CertificateOptions.Name();

    public CertsRequestCommand(CliContext cli)
        : base(cli, "request", "Make a key, and a request to certify it: NAME.key stays here, NAME.csr goes to who gives certificates out")
    {
        Arguments.Add(role);
        Arguments.Add(name);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var (key, request) = (Cli.PathOf(parse.GetRequiredValue(name) + IdentityFile.KeyExtension), Cli.PathOf(parse.GetRequiredValue(name) + ".csr"));
        var made = PeerName.Of(parse.GetRequiredValue(role), parse.GetRequiredValue(name))
            .Then(peer => CertificateOptions.IsFree(key).Then(_ => CertificateOptions.IsFree(request)).Then(_ => Outcome.Of(KeyRequest.Make(peer))))
            .Then(made => CertificateOptions.Write(key, made.Key).Then(_ => CertificateOptions.Write(request, made.Request)));
        if (!made.IsOk) return Task.FromResult(Terminal.Fail(made.Problems));
        Terminal.Line(request);
        Terminal.Say($"Where the authority is: holdfast certs issue {parse.GetValue(role)} {parse.GetValue(name)} --request {Path.GetFileName(request)}. What comes back goes beside {key}.");
        return Task.FromResult(ExitCode.Ok);
    }
}
