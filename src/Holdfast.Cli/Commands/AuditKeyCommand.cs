using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

internal sealed class AuditKeyCommand : CliCommand
{
    public AuditKeyCommand(CliContext cli)
        : base(cli, "key", "Print the public key that the audit log is verified with")
    {
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var node = await api.Node.GetNodeAsync(new GetNodeRequest(), new(cancel));
        if (node.AuditPublicKey.Length == 0) return Terminal.Fail(NoKey(node.Name));
        Terminal.Out.Write(node.AuditPublicKey);
        return ExitCode.Ok;
    }

    internal static Problem NoKey(string node) => new(ProblemKind.Unavailable, "audit.no-key", $"The audit log of {node} signs nothing.") { Mend = "its agent is of an older version: upgrade it" };
}
