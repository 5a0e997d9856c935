using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>A line of a service's output.</summary>
internal static class LogText
{
    public static JsonNode Document(LogLine line) => new JsonObject
    {
        ["at"] = Human.Stamp(line.At),
        ["instance"] = line.Instance,
        ["sequence"] = line.Sequence,
        ["stream"] = line.Stream,
        ["text"] = line.Text,
    };

    /// <summary>As the service wrote it, or with what is known about it in front.</summary>
    public static string Plain(LogLine line, bool details) =>
        details ? $"{Human.Stamp(line.At)} {line.Instance} {line.Stream,-8} {line.Text}" : line.Text;
}
