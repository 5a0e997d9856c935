using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class ClusterCheckCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public ClusterCheckCommand(CliContext cli)
        : base(cli, "check", "The validation report: store, clocks, versions, nodes, fences, and what the loss of each node would do") => Options.Add(format);

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var report = await api.Nodes.CheckClusterAsync(new(), ApiSession.Short(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(ClusterText.Document(report), shown);
        else Terminal.Out.Write(ClusterText.Text(report));
        return report.Findings.Any(finding => finding.Verdict == "failed") ? ExitCode.Failed : ExitCode.Ok;
    }
}
