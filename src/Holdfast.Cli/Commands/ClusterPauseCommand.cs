using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

/// <summary><c>cluster pause|resume</c>.</summary>
internal sealed class ClusterPauseCommand : CliCommand
{
    private readonly bool pause;
    private readonly Option<string> why = new("--why") { Description = "For the record, and for who looks at the nodes", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    public ClusterPauseCommand(CliContext cli, bool pause)
        : base(cli, pause ? "pause" : "resume", pause ? "Nobody takes over by itself until the cluster is resumed; who leads goes on, and leases stay armed" : "Let nodes take over by themselves again")
    {
        this.pause = pause;
        Options.Add(why);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        await api.Nodes.PauseClusterAsync(new PauseClusterRequest { Pause = pause, Why = parse.GetRequiredValue(why), RequestId = Guid.NewGuid().ToString("n") }, ApiSession.Short(cancel));
        Terminal.Say(pause ? "The cluster is paused: nobody takes over by itself, and a node that dies is missed by nobody but you." : "The cluster is not paused.");
        return ExitCode.Ok;
    }
}
