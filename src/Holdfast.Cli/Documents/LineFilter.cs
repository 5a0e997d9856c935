using System.Text.Json;
using System.Text.RegularExpressions;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>Which lines are shown, and what of each.</summary>
/// <param name="Wanted">What a line must match; null: any.</param>
/// <param name="Fields">Of a line that is a JSON object only these are shown, as <c>name=value</c>; a dot leads into an object. Empty: the line as it is.</param>
internal sealed record LineFilter(Regex? Wanted, IReadOnlyList<string> Fields)
{
    public bool Shows(LogLine line) => Wanted is null || Wanted.IsMatch(line.Text);

    public string Text(LogLine line)
    {
        if (Fields.Count == 0 || !line.Text.StartsWith('{')) return line.Text;
        try
        {
            using var document = JsonDocument.Parse(line.Text);
            return string.Join(' ', Fields.Select(field => (field, Value: Find(document.RootElement, field))).Where(one => one.Value is not null).Select(one => $"{one.field}={one.Value}"));
        }
        catch (JsonException)
        {
            // It only looks like one.
            return line.Text;
        }
    }

    private static string? Find(JsonElement root, string field)
    {
        // Loggers write names with dots as well.
        if (root.TryGetProperty(field, out var found)) return Value(found);
        var at = root;
        foreach (var name in field.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
        }

        return Value(at);
    }

    private static string Value(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
