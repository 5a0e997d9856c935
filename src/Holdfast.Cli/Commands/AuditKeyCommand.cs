using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

internal sealed class AuditKeyCommand : CliCommand
{
    private readonly Option<string?> witness = new("--witness") { Description = "The key of this node instead, which cosigns the log", HelpName = "NODE" };

    public AuditKeyCommand(CliContext cli)
        : base(cli, "key", "Print the public key that the audit log is verified with") => Options.Add(witness);

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var node = await api.Node.GetNodeAsync(new GetNodeRequest(), new(cancel));
        if (parse.GetValue(witness) is { } wanted)
        {
            var found = node.AuditWitnesses.FirstOrDefault(one => one.Node == wanted && one.PublicKey.Length > 0);
            if (found is null) return Terminal.Fail(NoWitness(wanted, node));
            Terminal.Out.Write(found.PublicKey);
            return ExitCode.Ok;
        }

        if (node.AuditPublicKey.Length == 0) return Terminal.Fail(NoKey(node.Name));
        Terminal.Out.Write(node.AuditPublicKey);
        // Beside the key, which goes into a file: who cosigns the log.
        foreach (var one in node.AuditWitnesses)
            Terminal.Say($"cosigned by {one.Node} as {one.Name}{(one.Entries > 0 ? $", up to entry {one.Entries} of the tree" : "")}{(one.Trouble.Length > 0 ? $"; not now: {one.Trouble}" : "")}; its key: holdfast audit key --witness {one.Node}");
        return ExitCode.Ok;
    }

    internal static Problem NoKey(string node) => new(ProblemKind.Unavailable, "audit.no-key", $"The audit log of {node} signs nothing.") { Mend = "its agent is of an older version: upgrade it" };

    private static Problem NoWitness(string wanted, NodeInfo node) => new(ProblemKind.NotFound, "audit.no-witness", $"{wanted} has not cosigned the audit log of {node.Name}.")
    {
        Mend = node.AuditWitnesses.Count > 0 ? $"there are: {string.Join(", ", node.AuditWitnesses.Select(one => one.Node))}" : "only nodes of a cluster cosign each other's logs",
    };
}
