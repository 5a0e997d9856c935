using System.CommandLine;
using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Node.Upgrading;

namespace Holdfast.Cli.Commands;

/// <summary>What a running agent asks a new one before it lets it take over. Not for people.</summary>
internal sealed class AgentProveCommand : CliCommand
{
    private readonly Argument<string?> copy = new("copy")
    {
        Description = "A copy of the store, in a folder of its own", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<long> revision = new("--revision") { Description = "In a cluster: read its store as of then", HelpName = "N" };

    public AgentProveCommand(CliContext cli)
        : base(cli, "prove", "Say whether this build can go on with the node")
    {
        Hidden = true;
        Arguments.Add(copy);
        Options.Add(revision);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var proof = parse.GetValue(copy) is { } file
            ? await AgentProof.MakeAsync(Cli.Home, file, Cli.Time, cancel)
            : await AgentProof.MakeInClusterAsync(Cli.Home, parse.GetValue(revision), Cli.Time, cancel);
        Terminal.Out.Write(JsonSerializer.Serialize(proof, AgentProofJson.Default.AgentProof));
        return proof.Problem is null ? ExitCode.Ok : ExitCode.Refused;
    }
}
