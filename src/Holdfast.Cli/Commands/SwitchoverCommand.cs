using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class SwitchoverCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "Which service" };
    private readonly Option<string?> to = new("--to") { Description = "The node that is to lead (default: the best that does not)", HelpName = "NODE" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing" };

    public SwitchoverCommand(CliContext cli)
        : base(cli, "switchover", "Move a service to another node, as planned (to move a group, in a failover cluster)")
    {
        Arguments.Add(service);
        Options.Add(to);
        Options.Add(dryRun);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var request = new SwitchoverRequest { Service = parse.GetRequiredValue(service), To = parse.GetValue(to) ?? "", DryRun = parse.GetValue(dryRun), RequestId = Guid.NewGuid().ToString("n") };
        using var call = api.Nodes.Switchover(request, new CallOptions(cancel));
        await foreach (var progress in call.ReadAllAsync(cancel))
        {
            if (request.DryRun) Terminal.Out.WriteLine(progress.Message);
            else Terminal.Say(progress.Message);
        }

        return ExitCode.Ok;
    }
}
