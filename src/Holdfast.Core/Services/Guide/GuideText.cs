using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Core.Services.Fields;

namespace Holdfast.Core.Services.Guide;

/// <summary>The look of explanations.</summary>
internal static class GuideText
{
    /// <summary>In characters.</summary>
    private const int Width = 100;

    /// <summary>Words on as many lines as they need.</summary>
    public static void Wrap(StringBuilder text, string words, string indent)
    {
        var column = indent.Length;
        text.Append(indent);
        foreach (var word in words.Split(' '))
        {
            if (column > indent.Length && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(indent);
                column = indent.Length;
            }

            if (column > indent.Length)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }

    public static void Row(StringBuilder text, string name, string value) => text.Append("  ").Append(name.PadRight(9)).Append(value).Append('\n');

    public static void Table(StringBuilder text, string title, IReadOnlyList<(string Name, string Doc)> rows)
    {
        var width = rows.Max(row => row.Name.Length) + 2;
        text.Append("\n  ").Append(title).Append('\n');
        foreach (var (name, doc) in rows)
        {
            var lines = new StringBuilder();
            Wrap(lines, doc, new string(' ', 4 + width));
            text.Append("    ").Append(name.PadRight(width)).Append(lines, 4 + width, lines.Length - 4 - width);
        }
    }

    public static string Default(Field field) => field switch
    {
        { Required: true } => "none: it is required",
        { DefaultWords: { } words } => words,
        { Default: { } value } => Flow(value),
        { HasDefault: true, Shape.Entry: null, Shape.Fields.Count: > 0 } => "see its keys",
        _ => "none",
    };

    /// <summary>A value as YAML on one line.</summary>
    private static string Flow(JsonNode? value) => value switch
    {
        JsonArray array => "[" + string.Join(", ", array.Select(Flow)) + "]",
        JsonObject entries => "{" + string.Join(", ", entries.Select(entry => $"{entry.Key}: {Flow(entry.Value)}")) + "}",
        null => "",
        _ => value.ToString() is "True" or "False" ? value.ToString().ToLowerInvariant() : value.ToString(),
    };
}
