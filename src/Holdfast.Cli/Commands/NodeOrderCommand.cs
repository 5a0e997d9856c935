using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

/// <summary><c>node drain|resume|quarantine</c>.</summary>
internal sealed class NodeOrderCommand : CliCommand
{
    private readonly string order;
    private readonly Argument<string> node = new("node") { Description = "Which node" };
    private readonly Option<string> why = new("--why") { Description = "For the record, and for who looks at the node", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    public NodeOrderCommand(CliContext cli, string order, string description)
        : base(cli, order, description)
    {
        this.order = order;
        Arguments.Add(node);
        Options.Add(why);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var request = new OrderNodeRequest { Node = parse.GetRequiredValue(node), Order = order, Why = parse.GetRequiredValue(why), RequestId = Guid.NewGuid().ToString("n") };
        var answer = await api.Nodes.OrderNodeAsync(request, ApiSession.Short(cancel));
        foreach (var consequence in answer.Consequences) Terminal.Say($"{consequence}.");
        return ExitCode.Ok;
    }
}
