using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
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
    private readonly Option<DateTimeOffset?> at;
    private readonly Option<bool> cancelPlanned = new("--cancel") { Description = "Forget what is planned for the service" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing" };

    public SwitchoverCommand(CliContext cli)
        : base(cli, "switchover", "Move a service to another node, as planned (to move a group, in a failover cluster)")
    {
        at = TimeOption.Create("--at", "Not now, but then: HH:MM (the next time it is that here), or a date and time, as 2026-12-01T02:00+01:00", cli.Time);
        Arguments.Add(service);
        Options.Add(to);
        Options.Add(at);
        Options.Add(cancelPlanned);
        Options.Add(dryRun);
        Validators.Add(result =>
        {
            var chosen = new[] { result.GetResult(at) is not null, result.GetValue(cancelPlanned), result.GetValue(dryRun) }.Count(one => one);
            if (chosen > 1) result.AddError("--at, --cancel and --dry-run are three different things: give one of them");
            if (result.GetValue(cancelPlanned) && result.GetResult(to) is not null) result.AddError("--cancel moves nothing: leave --to out");
        });
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var request = new SwitchoverRequest { Service = parse.GetRequiredValue(service), To = parse.GetValue(to) ?? "", DryRun = parse.GetValue(dryRun), RequestId = Guid.NewGuid().ToString("n") };
        if (parse.GetValue(at) is { } due) request.At = Timestamp.FromDateTimeOffset(due);
        request.Cancel = parse.GetValue(cancelPlanned);
        using var call = api.Nodes.Switchover(request, new CallOptions(cancel));
        await foreach (var progress in call.ReadAllAsync(cancel))
        {
            if (request.DryRun) Terminal.Out.WriteLine(progress.Message);
            else Terminal.Say(progress.Message);
        }

        return ExitCode.Ok;
    }
}
