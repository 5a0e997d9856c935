using System.Text.Json;

namespace Holdfast.Core.Auditing;

/// <summary>A field of the Elastic Common Schema: a text, a number, or several words.</summary>
/// <param name="Name">With dots.</param>
internal readonly record struct EcsField(string Name, string? Text = null, long Number = 0, IReadOnlyList<string>? Words = null)
{
    /// <summary>Writes an object for each part of the names but the last. Fields of one object must follow each other.</summary>
    public static void WriteNested(Utf8JsonWriter json, IEnumerable<EcsField> fields)
    {
        var open = Array.Empty<string>();
        json.WriteStartObject();
        foreach (var field in fields)
        {
            var path = field.Name.Split('.');
            var common = open.Zip(path[..^1]).TakeWhile(pair => pair.First == pair.Second).Count();
            for (var closing = open.Length; closing > common; closing--)
                json.WriteEndObject();
            foreach (var name in path[common..^1])
                json.WriteStartObject(name);
            field.Write(json, path[^1]);
            open = path[..^1];
        }

        for (var closing = open.Length; closing >= 0; closing--)
            json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, string name)
    {
        if (Text is not null)
        {
            json.WriteString(name, Text);
            return;
        }

        if (Words is null)
        {
            json.WriteNumber(name, Number);
            return;
        }

        json.WriteStartArray(name);
        foreach (var word in Words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    }
}
