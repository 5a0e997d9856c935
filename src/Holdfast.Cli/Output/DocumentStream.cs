using System.Text.Json.Nodes;
using Holdfast.Core.Documents;

namespace Holdfast.Cli.Output;

/// <summary>
/// A result that comes piece by piece: a list that is written as it grows, or, where it may never end,
/// one document per line (JSON) or per <c>---</c> (YAML).
/// </summary>
internal sealed class DocumentStream(Terminal terminal, OutputFormat format, bool endless)
{
    private bool any;

    public void Add(JsonNode item)
    {
        if (endless) terminal.Out.Write(format == OutputFormat.Yaml ? "---\n" + YamlText.Of(item) : DocumentText.OneLineJson(item) + "\n");
        else if (format == OutputFormat.Yaml) terminal.Out.Write(YamlText.Of(new JsonArray(item)));
        else terminal.Out.Write((any ? ",\n" : "[\n") + Indented(item));
        any = true;
    }

    public void End()
    {
        if (endless) return;
        if (format == OutputFormat.Yaml) terminal.Out.Write(any ? "" : "[]\n");
        else terminal.Out.Write(any ? "\n]\n" : "[]\n");
    }

    private static string Indented(JsonNode item) => "  " + DocumentText.PrettyJson(item).Replace("\n", "\n  ", StringComparison.Ordinal);
}
