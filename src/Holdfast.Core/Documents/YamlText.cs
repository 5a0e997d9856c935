using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Holdfast.Core.Documents;

/// <summary>
/// A JSON document as YAML blocks. Small on purpose: reading YAML needs a library, writing it does not,
/// and this is on the way of <c>ps</c>.
/// </summary>
public static partial class YamlText
{
    /// <returns>The text, which ends in a line end.</returns>
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
        _ => leaf.ToJsonString(),
    };

    /// <summary>Plain where no reader could take it for anything but text; in single quotes where it has backslashes; else in double ones.</summary>
    private static string Word(string text)
    {
        if (IsPlain(text)) return text;
        return text.Contains('\\', StringComparison.Ordinal) && !text.Any(MustBeEscaped) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : Escaped(text);
    }

    private static bool IsPlain(string text)
    {
        if (Measure().IsMatch(text)) return true;
        if (text.Length == 0 || !(char.IsAsciiLetter(text[0]) || text[0] == '/')) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/' or ' ' or '*')) return false;
        }

        return text[^1] != ' ' && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => escaped.Append('\\').Append(c),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                _ when MustBeEscaped(c) => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => escaped.Append(c),
            };
        }

        return escaped.Append('"').ToString();
    }

    /// <summary>What a reader refuses, folds, or makes look like something else than it is.</summary>
    private static bool MustBeEscaped(char c) => char.IsControl(c) || c is '\uFFFD' or '\uFFFE' or '\uFFFF' ||
        char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>A duration or a size: begins like a number, and is none to any reader.</summary>
    [GeneratedRegex(@"^[0-9]+(ms|s|m|h|d|B|[KMGT]i?B)\z")]
    private static partial Regex Measure();
}
