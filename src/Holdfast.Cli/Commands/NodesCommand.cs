using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class NodesCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public NodesCommand(CliContext cli)
        : base(cli, "nodes", "Show the nodes of the cluster") => Options.Add(format);

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var nodes = await api.Nodes.ListNodesAsync(new(), ApiSession.Short(cancel));
        var shown = parse.Format(format);
        if (nodes.Paused.Length > 0) Terminal.Say($"The cluster is paused ({nodes.Paused}): nobody takes over by itself.");
        if (shown.IsDocument()) Terminal.Document(ClusterText.Document(nodes), shown);
        else Terminal.Out.Write(ClusterText.Table(nodes, Cli.Time.GetUtcNow()));
        return ExitCode.Ok;
    }
}
