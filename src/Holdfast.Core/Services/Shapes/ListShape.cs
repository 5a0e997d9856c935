using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A list of one kind of thing. An item that is refused is left out of the value.</summary>
internal sealed class ListShape<T>(string words, Shape<T> item) : Shape<IReadOnlyList<T>>
{
    public int Least { get; init; }

    public int Most { get; init; } = 256;

    public override string Words => words;

    public override bool IsList => true;

    public override IReadOnlyList<Field> Fields => item.Fields;

    public override IReadOnlyList<(string Word, string Doc)> Choices => item.Choices;

    public override bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = null;
        if (node is not SequenceNode list)
        {
            if (node.IsNothing && Least == 0)
            {
                value = [];
                return true;
            }

            reading.Report(path, node.Place, new(SpecRules.Kind, $"is {node.Words}", $"it must be a {words}", "write `- item` lines, or `[a, b]`"));
            return false;
        }

        if (list.Items.Count < Least || list.Items.Count > Most)
        {
            reading.Report(path, node.Place, new(SpecRules.Length, $"has {list.Items.Count} items", list.Items.Count < Least ? $"it needs at least {Least}" : $"{Most} are allowed"));
            return false;
        }

        var items = new List<T>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var at = SpecPath.Item(path, i);
            reading.Found(at, list.Items[i].Place);
            if (item.TryRead(list.Items[i], at, reading, out var one))
                items.Add(one);
        }

        value = items.AsReadOnly();
        return true;
    }

    public override JsonNode? ToJson(IReadOnlyList<T> value) => new JsonArray([.. value.Select(item.ToJson)]);

    public override JsonNode Write(IReadOnlyList<T> value) => new JsonArray([.. value.Select(item.Write)]);

    public override JsonObject Schema(SchemaWriter writer)
    {
        var schema = new JsonObject { ["type"] = Least > 0 ? "array" : new JsonArray("array", "null"), ["items"] = item.Schema(writer) };
        if (Least > 0)
            schema["minItems"] = Least;
        schema["maxItems"] = Most;
        return schema;
    }
}
