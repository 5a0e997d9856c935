using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>Nodes, leaders and the validation report, for machines and people.</summary>
internal static class ClusterText
{
    public static JsonNode Document(ListNodesResponse nodes) => new JsonObject
    {
        ["cluster"] = nodes.Cluster,
        ["paused"] = nodes.Paused.Length > 0 ? nodes.Paused : null,
        ["nodes"] = new JsonArray([.. nodes.Nodes.Select(Document)]),
    };

    public static JsonNode Document(GetLeadershipResponse led) => new JsonArray([.. led.Services.Select(one => (JsonNode)new JsonObject
    {
        ["service"] = one.Service,
        ["leader"] = one.Leader.Length > 0 ? one.Leader : null,
        ["epoch"] = one.Epoch,
        ["since"] = Human.Stamp(one.Since),
        ["reason"] = one.Reason,
        ["switchTo"] = one.SwitchTo.Length > 0 ? one.SwitchTo : null,
        ["planned"] = one.PlannedAt is null ? null : new JsonObject { ["at"] = Human.Stamp(one.PlannedAt), ["to"] = one.PlannedTo.Length > 0 ? one.PlannedTo : null, ["by"] = one.PlannedBy },
        ["fence"] = one.Fence.Length > 0 ? one.Fence : null,
        ["fenceReason"] = one.FenceWhy.Length > 0 ? one.FenceWhy : null,
        ["hold"] = one.Hold.Length > 0 ? one.Hold : null,
        ["candidates"] = new JsonArray([.. one.Candidates.Select(c => (JsonNode)new JsonObject
        {
            ["node"] = c.Node, ["standby"] = c.Standby, ["excluded"] = c.Excluded.Length > 0 ? c.Excluded : null, ["fence"] = c.Fence.Length > 0 ? c.Fence : null,
        })]),
    })]);

    public static JsonNode Document(CheckClusterResponse report) => new JsonArray([.. report.Findings.Select(one => (JsonNode)new JsonObject
    {
        ["subject"] = one.Subject, ["verdict"] = one.Verdict, ["what"] = one.What, ["mend"] = one.Mend.Length > 0 ? one.Mend : null,
    })]);

    public static string Table(ListNodesResponse nodes, DateTimeOffset now)
    {
        var table = new Table("NODE", "STATE", "UP", "INSTANCES", "LEADS", "FENCE", "VERSION", "ADDRESS", "LABELS");
        foreach (var node in nodes.Nodes)
        {
            table.Add(
                node.Conducts ? $"{node.Name}*" : node.Name, node.State, node.Since is { } since ? Human.Duration(now - since.ToDateTimeOffset()) : "", $"{node.Instances}", $"{node.Leads}", node.Fence, node.Version,
                node.Address, string.Join(',', node.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")));
        }

        var text = new StringBuilder(table.ToString());
        var remarks = nodes.Nodes.Where(node => node.Reason.Length > 0).ToList();
        if (remarks.Count > 0) text.Append('\n');
        foreach (var node in remarks) text.Append(node.Name).Append(" is ").Append(node.State).Append(": ").Append(Printable.Text(node.Reason)).Append('\n');
        return text.ToString();
    }

    public static string Text(GetLeadershipResponse led, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var one in led.Services)
        {
            if (text.Length > 0) text.Append('\n');
            Row(text, "service", one.Service);
            Row(text, "leader", one.Leader.Length > 0 ? one.Leader : "nobody");
            Row(text, "epoch", one.Since is { } since ? $"{one.Epoch}, since {Human.Duration(now - since.ToDateTimeOffset())}: {one.Reason}" : "none yet");
            if (one.SwitchTo.Length > 0) Row(text, "moving to", one.SwitchTo);
            if (one.PlannedAt is { } at) Row(text, "planned", $"{(one.PlannedTo.Length > 0 ? $"to {one.PlannedTo}" : "to another node")} at {Human.Stamp(at)}, by {one.PlannedBy}");
            Row(text, "fence", one.Fence.Length == 0 ? "none: no node may lead it" : one.FenceWhy.Length > 0 ? $"{one.Fence} ({one.FenceWhy})" : one.Fence);
            if (one.Hold.Length > 0) Row(text, "store loss", one.Hold);
            foreach (var candidate in one.Candidates)
                Row(text, "candidate", candidate.Excluded.Length > 0 ? $"{candidate.Node}: no, {candidate.Excluded}" : $"{candidate.Node}: {candidate.Standby}{(candidate.Fence.Length > 0 ? $", {candidate.Fence}" : "")}{(candidate.Node == one.Leader ? ", leads" : "")}");
        }

        return text.ToString();
    }

    public static string Text(CheckClusterResponse report)
    {
        var table = new Table("SUBJECT", "VERDICT", "WHAT");
        foreach (var finding in report.Findings) table.Add(finding.Subject, finding.Verdict, finding.Mend.Length > 0 ? $"{finding.What} ({finding.Mend})" : finding.What);
        return table.ToString();
    }

    private static JsonNode Document(ClusterNode node) => new JsonObject
    {
        ["name"] = node.Name,
        ["state"] = node.State,
        ["reason"] = node.Reason.Length > 0 ? node.Reason : null,
        ["version"] = node.Version,
        ["operatingSystem"] = node.OperatingSystem,
        ["address"] = node.Address.Length > 0 ? node.Address : null,
        ["labels"] = new JsonObject([.. node.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create<string, JsonNode?>(l.Key, l.Value))]),
        ["processors"] = node.Processors,
        ["memoryBytes"] = node.MemoryBytes,
        ["instances"] = node.Instances,
        ["leads"] = node.Leads,
        ["since"] = Human.Stamp(node.Since),
        ["conducts"] = node.Conducts,
        ["fence"] = node.Fence.Length > 0 ? node.Fence : null,
        ["fenceReason"] = node.FenceWhy.Length > 0 ? node.FenceWhy : null,
    };

    private static void Row(StringBuilder text, string name, string value) => text.Append($"{name,-12}").Append(Printable.Text(value).ReplaceLineEndings(" ")).Append('\n');
}
