using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A mapping whose keys are the user's names. An entry that is refused is left out of the value.</summary>
internal sealed class MapShape<T>(string words, KeyForm keys, Shape<T> entry) : Shape<IReadOnlyDictionary<string, T>>
{
    public const int Most = 1024;

    public override string Words => words;

    public override Shape Entry => entry;

    public override IReadOnlyList<Field> Fields => entry.Fields;

    public override IReadOnlyList<(string Word, string Doc)> Choices => entry.Choices;

    public override bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, T> value)
    {
        var entries = new SortedDictionary<string, T>(StringComparer.Ordinal);
        value = entries.AsReadOnly();
        if (node.IsNothing)
            return true;
        if (node is not MappingNode mapping)
        {
            reading.Report(path, node.Place, new(SpecRules.Kind, $"is {node.Words}", $"it must be a {words}", "write `name: value` lines"));
            return false;
        }

        if (mapping.Entries.Count > Most)
        {
            reading.Report(path, node.Place, new(SpecRules.Length, $"has {mapping.Entries.Count} entries; {Most} are allowed"));
            return false;
        }

        foreach (var line in mapping.Entries)
        {
            var at = SpecPath.Join(path, line.Key);
            reading.Found(at, line.KeyPlace);
            if (keys.Check(line.Key) is { } fault)
                reading.Report(at, line.KeyPlace, fault);
            if (entry.TryRead(line.Value, at, reading, out var one))
                entries[line.Key] = one;
        }

        return true;
    }

    public override JsonNode? ToJson(IReadOnlyDictionary<string, T> value) =>
        value.Count == 0 ? null : new JsonObject(value.Select(one => KeyValuePair.Create(one.Key, entry.ToJson(one.Value))));

    public override JsonNode Write(IReadOnlyDictionary<string, T> value) =>
        new JsonObject(value.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => KeyValuePair.Create(one.Key, entry.Write(one.Value))));

    public override JsonObject Schema(SchemaWriter writer) => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["propertyNames"] = new JsonObject { ["pattern"] = keys.Pattern },
        ["additionalProperties"] = entry.Schema(writer),
        ["maxProperties"] = Most,
    };
}
