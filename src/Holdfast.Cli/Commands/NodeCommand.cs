using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

/// <summary>Also known as <c>agent status</c>.</summary>
internal sealed class NodeCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public NodeCommand(CliContext cli, string name = "node")
        : base(cli, name, "Show the node: its agent, its supervisor, its home") => Options.Add(format);

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var node = await api.Node.GetNodeAsync(new GetNodeRequest(), ApiSession.Short(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(NodeText.Document(node), shown);
        else Terminal.Out.Write(NodeText.Text(node, Cli.Time.GetUtcNow()));
        return ExitCode.Ok;
    }
}
