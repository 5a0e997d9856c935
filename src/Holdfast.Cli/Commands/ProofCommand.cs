using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class ProofCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "Which service; also one that was removed" };
    private readonly Option<string> format = FormatOption.Plain();

    public ProofCommand(CliContext cli)
        : base(cli, "proof", "Show every epoch of a service with who led in it and how it ended, and check the chain of their documents")
    {
        Arguments.Add(service);
        Options.Add(format);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var proof = await api.Nodes.GetProofAsync(new GetProofRequest { Service = parse.GetRequiredValue(service) }, ApiSession.Short(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(ProofText.Document(proof), shown);
        else Terminal.Out.Write(ProofText.Text(proof));
        return proof.Faults.Count > 0 ? ExitCode.Damaged : ExitCode.Ok;
    }
}
