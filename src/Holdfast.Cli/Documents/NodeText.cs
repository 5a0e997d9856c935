using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>A node, for machines and people.</summary>
internal static class NodeText
{
    public static JsonNode Document(NodeInfo node) => new JsonObject
    {
        ["name"] = node.Name,
        ["version"] = node.Version,
        ["agentPid"] = node.AgentPid,
        ["agentStartedAt"] = Human.Stamp(node.AgentStartedAt),
        ["supervisorPid"] = node.SupervisorPid > 0 ? node.SupervisorPid : null,
        ["supervisorStartedAt"] = Human.Stamp(node.SupervisorStartedAt),
        ["supervisorVersion"] = node.SupervisorVersion.Length > 0 ? node.SupervisorVersion : null,
        ["home"] = node.Home,
        ["metrics"] = node.Metrics.Length > 0 ? node.Metrics : null,
        ["listens"] = node.Listens.Length > 0 ? node.Listens : null,
        ["instances"] = node.Instances,
        ["agentExecutable"] = node.AgentExecutable.Length > 0 ? node.AgentExecutable : null,
        ["supervisorExecutable"] = node.SupervisorExecutable.Length > 0 ? node.SupervisorExecutable : null,
    };

    public static string Text(NodeInfo node, DateTimeOffset now) => string.Concat(
        Row("node", node.Name),
        Row("home", node.Home),
        Row("agent", $"{node.Version}, pid {node.AgentPid}{Up(node.AgentStartedAt, now)}"),
        Row("supervisor", node.SupervisorPid > 0 ? $"{node.SupervisorVersion}, pid {node.SupervisorPid}{Up(node.SupervisorStartedAt, now)}" : "does not answer"),
        Row("instances", $"{node.Instances}"),
        Row("listens", node.Listens.Length > 0 ? node.Listens : "on the local socket only"),
        Row("metrics", node.Metrics.Length > 0 ? node.Metrics : "off"));

    private static string Row(string name, string value) => $"{name,-12}{Printable.Text(value)}\n";

    private static string Up(Google.Protobuf.WellKnownTypes.Timestamp? since, DateTimeOffset now) =>
        since is null ? "" : $", up {Human.Duration(now - since.ToDateTimeOffset())}";
}
