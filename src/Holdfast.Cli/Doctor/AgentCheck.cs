using Holdfast.Cli.Api;
using Holdfast.Cli.Commands;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Doctor;

/// <summary>Whether agent and supervisor answer, and are of our version.</summary>
internal static class AgentCheck
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        try
        {
            using var api = ApiSession.OpenLocal(cli.Home, cli.Time);
            return Judge(await api.Node.GetNodeAsync(new GetNodeRequest(), ApiSession.Short(cancel)));
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return [.. ApiFailure.Explain(e, cli).Select(problem => new Finding(Verdict.Broken, problem.What, problem.Mend))];
        }
    }

    private static List<Finding> Judge(NodeInfo node)
    {
        var findings = new List<Finding>
        {
            node.Version == VersionCommand.Version
                ? new(Verdict.Good, $"The agent answers: version {node.Version}, pid {node.AgentPid}")
                : new(Verdict.Lacking, $"The agent is of version {node.Version}, this command of {VersionCommand.Version}", "restart the agent; services do not notice"),
            node.SupervisorPid > 0
                ? new(Verdict.Good, $"The supervisor answers: pid {node.SupervisorPid}, {node.Instances} instances")
                : new(Verdict.Broken, "No supervisor answers", $"see {node.Home}/agent.log"),
        };
        return findings;
    }
}
