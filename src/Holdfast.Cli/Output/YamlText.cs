using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Cli.Output;

/// <summary>
/// A JSON document as YAML blocks. Small on purpose: reading YAML needs a library, writing it does not,
/// and this is on the way of <c>ps</c>.
/// </summary>
internal static class YamlText
{
    public static string Of(JsonNode? document)
    {
        var text = new StringBuilder();
        if (IsLeaf(document)) text.Append(Scalar(document)).Append('\n');
        else Block(text, document!, 0);
        return text.ToString();
    }

    private static void Block(StringBuilder text, JsonNode node, int indent)
    {
        if (node is JsonObject map) Map(text, map, indent, firstIsPlaced: false);
        else List(text, (JsonArray)node, indent);
    }

    private static void Map(StringBuilder text, JsonObject map, int indent, bool firstIsPlaced)
    {
        foreach (var (key, value) in map)
        {
            if (!firstIsPlaced) text.Append(' ', indent);
            firstIsPlaced = false;
            text.Append(Word(key)).Append(':');
            Value(text, value, indent + 2);
        }
    }

    private static void List(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append('-');
            if (item is JsonObject { Count: > 0 } map)
            {
                text.Append(' ');
                Map(text, map, indent + 2, firstIsPlaced: true);
            }
            else
            {
                Value(text, item, indent + 2);
            }
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        if (IsLeaf(value))
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
            return;
        }

        text.Append('\n');
        Block(text, value!, indent);
    }

    private static bool IsLeaf(JsonNode? node) => node is null or JsonValue or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static string Scalar(JsonNode? leaf) => leaf switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when leaf.GetValueKind() == JsonValueKind.String => Word(leaf.GetValue<string>()),
        _ => DocumentText.OneLineJson(leaf),
    };

    /// <summary>Plain where no reader could take it for anything but text; else quoted, which in YAML is as in JSON.</summary>
    private static string Word(string text) => IsPlain(text) ? text : DocumentText.OneLineJson(JsonValue.Create(text));

    private static bool IsPlain(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0])) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/' or ' ')) return false;
        }

        return text[^1] != ' ' && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
    }
}
