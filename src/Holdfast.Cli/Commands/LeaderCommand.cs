using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Documents;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class LeaderCommand : CliCommand
{
    private readonly Argument<string?> service = new("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> format = FormatOption.Plain();

    public LeaderCommand(CliContext cli)
        : base(cli, "leader", "Show who leads a service (its owner node), in which epoch, and who could")
    {
        Arguments.Add(service);
        Options.Add(format);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var led = await api.Nodes.GetLeadershipAsync(new GetLeadershipRequest { Service = parse.GetValue(service) ?? "" }, ApiSession.Short(cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(ClusterText.Document(led), shown);
        else if (led.Services.Count == 0) Terminal.Say("No service here is led: none is active-standby.");
        else Terminal.Out.Write(ClusterText.Text(led, Cli.Time.GetUtcNow()));
        return ExitCode.Ok;
    }
}
