using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Units;
using Holdfast.Core.Problems;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class NodeHandoverCommand : CliCommand
{
    private readonly Option<string> why = new("--why") { Description = "For the record, and for who looks at the other nodes", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<TimeSpan?> within = DurationOption.Create("--within", "Wait no longer (default: 2m)");
    private readonly Option<bool> shutdown = new("--shutdown") { Description = "Only where systemd says that this machine goes down: what the unit of systemd runs", Hidden = true };

    public NodeHandoverCommand(CliContext cli)
        : base(cli, "handover", "Before this node's machine goes down: stop what leads here, let others lead, and give up the node's lease")
    {
        Options.Add(why);
        Options.Add(within);
        Options.Add(shutdown);
        Validators.Add(result =>
        {
            if (result.GetValue(within) is { } given && (given < TimeSpan.FromSeconds(1) || given > TimeSpan.FromHours(1))) result.AddError("--within: 1s to 1h");
        });
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var goesDown = parse.GetValue(shutdown);
        if (goesDown && !(OperatingSystem.IsLinux() && Systemctl.GoesDown))
        {
            Terminal.Say("This machine does not go down: nothing is handed over.");
            return ExitCode.Ok;
        }

        using var api = ApiSession.Open(Cli);
        var request = new HandoverRequest { Why = parse.GetRequiredValue(why), GoesDown = goesDown, WithinSeconds = (int)(parse.GetValue(within) ?? TimeSpan.Zero).TotalSeconds, RequestId = Guid.NewGuid().ToString("n") };
        using var call = api.Nodes.Handover(request, new CallOptions(cancel));
        await foreach (var progress in call.ReadAllAsync(cancel)) Terminal.Say(progress.Message);
        return ExitCode.Ok;
    }
}
