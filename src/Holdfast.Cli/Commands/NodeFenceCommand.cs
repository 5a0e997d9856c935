using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class NodeFenceCommand : CliCommand
{
    private readonly Argument<string> node = new("node") { Description = "Which node" };
    private readonly Option<string> why = new("--why") { Description = "For the record", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing" };

    public NodeFenceCommand(CliContext cli)
        : base(cli, "fence", "Power a node off by this node's command for it, and take its lease when it is confirmed to be off")
    {
        Arguments.Add(node);
        Options.Add(why);
        Options.Add(dryRun);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var request = new FenceNodeRequest { Node = parse.GetRequiredValue(node), Why = parse.GetRequiredValue(why), DryRun = parse.GetValue(dryRun), RequestId = Guid.NewGuid().ToString("n") };
        using var call = api.Nodes.FenceNode(request, new CallOptions(cancel));
        await foreach (var progress in call.ReadAllAsync(cancel))
        {
            if (request.DryRun) Terminal.Out.WriteLine(progress.Message);
            else Terminal.Say(progress.Message);
        }

        return ExitCode.Ok;
    }
}
