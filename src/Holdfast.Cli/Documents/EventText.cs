using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>Something that happened to an instance. As a line it has fixed widths: it may be written as it happens.</summary>
internal static class EventText
{
    public static JsonNode Document(Event what) => new JsonObject
    {
        ["at"] = Human.Stamp(what.At),
        ["sequence"] = what.Sequence,
        ["service"] = what.Service,
        ["instance"] = what.Instance,
        ["release"] = what.Release,
        ["kind"] = what.Kind,
        ["reason"] = what.Reason,
        ["pid"] = what.Pid > 0 ? what.Pid : null,
        ["exit"] = what.Exit.Length > 0 ? what.Exit : null,
    };

    public static string Line(Event what)
    {
        var pid = what.Pid > 0 ? $" (pid {what.Pid})" : "";
        var exit = what.Exit.Length > 0 && !what.Reason.Contains(what.Exit, StringComparison.Ordinal) ? $"; {what.Exit}" : "";
        return $"{Human.Stamp(what.At)}  {what.Instance,-16}  {"r" + what.Release,-4}  {what.Kind,-17}  {what.Reason.ReplaceLineEndings(" ")}{exit}{pid}";
    }
}
