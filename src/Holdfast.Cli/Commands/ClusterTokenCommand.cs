using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

/// <summary>Asked of the node that has the authority.</summary>
internal sealed class ClusterTokenCommand : CliCommand
{
    private const int Usual = 10;

    private readonly Option<string> node = new("--for") { Description = "The name of the node that it is for", HelpName = "NODE", Required = true };
    private readonly Option<int?> minutes = new("--minutes") { Description = $"How long it is good (default: {Usual})", HelpName = "N" };

    public ClusterTokenCommand(CliContext cli)
        : base(cli, "token", "Let one machine become one node, once: prints what it must show")
    {
        Options.Add(node);
        Options.Add(minutes);
        minutes.Validators.Add(result =>
        {
            // What was not given has no words to be wrong.
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is < 1 or > 60) result.AddError("--minutes is 1 to 60");
        });
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var given = await api.Cluster.TokenAsync(new() { Node = parse.GetRequiredValue(node), Minutes = parse.GetValue(minutes) ?? Usual }, ApiSession.Short(cancel));
        Terminal.Line(given.Token);
        Terminal.Say($"""
            Good once, for {parse.GetValue(node)}, until {given.Until.ToDateTimeOffset().UtcDateTime:u}. Whoever has it can become that node: hand it over on a way that nobody else reads.
            On the new machine, before its agent is started: holdfast cluster join --token TOKEN
            """);
        return ExitCode.Ok;
    }
}
