using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>An instance for machines. The order and the names of the first twelve are a promise; the others may grow.</summary>
internal static class InstanceDocument
{
    public static JsonArray Of(IEnumerable<Instance> instances) => [.. instances.Select(Of)];

    public static JsonNode Of(Instance instance) => new JsonObject
    {
        ["service"] = instance.Service,
        ["release"] = instance.Release,
        ["instance"] = instance.Instance_,
        ["node"] = instance.Node,
        ["state"] = instance.State,
        ["health"] = instance.Health,
        ["pid"] = instance.Pid > 0 ? instance.Pid : null,
        ["startedAt"] = Human.Stamp(instance.StartedAt),
        ["restarts"] = instance.Restarts,
        ["cpu"] = instance.Cpu >= 0 ? Math.Round(instance.Cpu, 4) : null,
        ["memoryBytes"] = instance.MemoryBytes >= 0 ? instance.MemoryBytes : null,
        ["packageDigest"] = instance.PackageDigest,
        ["version"] = instance.Version,
        ["wanted"] = instance.Wanted,
        ["reason"] = Text(instance.Reason),
        ["since"] = Human.Stamp(instance.Since),
        ["lastExit"] = Text(instance.LastExit),
        ["nextStartAt"] = Human.Stamp(instance.NextStartAt),
        ["statusText"] = Text(instance.StatusText),
        ["processes"] = instance.Processes,
        ["outputTrouble"] = Text(instance.OutputTrouble),
        ["standsBy"] = instance.StandsBy,
        ["containment"] = instance.Containment,
        ["supervisor"] = Text(instance.Supervisor),
        ["notEnforced"] = new JsonArray([.. instance.NotEnforced.Select(text => (JsonNode)text)]),
        ["ports"] = Map(instance.Ports.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, (JsonNode?)p.Value))),
        ["labels"] = Map(instance.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => (l.Key, (JsonNode?)l.Value))),
        ["probes"] = new JsonArray([.. instance.Probes.Select(Of)]),
    };

    private static JsonNode Of(Probe probe) => new JsonObject
    {
        ["name"] = probe.Name,
        ["state"] = probe.State,
        ["message"] = Text(probe.Message),
        ["latencySeconds"] = probe.LatencySeconds,
        ["lastRunAt"] = Human.Stamp(probe.LastRunAt),
    };

    private static JsonObject Map(IEnumerable<(string Key, JsonNode? Value)> pairs) => new(pairs.Select(p => KeyValuePair.Create(p.Key, p.Value)));

    private static string? Text(string text) => text.Length > 0 ? text : null;
}
