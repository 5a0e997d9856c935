using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Schema;

namespace Holdfast.Core.Services.Shapes;

/// <summary>A mapping with known keys. What is not written stays as it is in <paramref name="blank"/>, so that a default stands in one place: the model.</summary>
internal sealed class GroupShape<T> : Shape<T>
{
    private readonly T blank;
    private readonly IReadOnlyList<Field<T>> fields;

    public GroupShape(string name, T blank, params IReadOnlyList<Field<T>> fields)
    {
        Name = name;
        this.blank = blank;
        this.fields = fields;
        foreach (var field in fields)
            field.TakeDefault(blank);
    }

    /// <summary>Its name in the schema.</summary>
    public string Name { get; }

    public override string Words => "mapping";

    public override IReadOnlyList<Field> Fields => fields;

    public override bool TryRead(DocumentNode node, string path, SpecReading reading, [MaybeNullWhen(false)] out T value)
    {
        value = blank;
        if (node is not MappingNode && !node.IsNothing)
        {
            reading.Report(path, node.Place, new(SpecRules.Kind, $"is {node.Words}", "it must be a mapping", $"write keys below it: {KnownKeys}"));
            return false;
        }

        var entries = node is MappingNode mapping ? mapping.Entries : [];
        foreach (var entry in entries)
        {
            var at = SpecPath.Join(path, entry.Key);
            if (fields.FirstOrDefault(field => field.Key == entry.Key) is { } known)
            {
                reading.Found(at, entry.KeyPlace);
                value = known.Read(value, entry.Value, at, reading);
            }
            else
            {
                reading.Report(at, entry.KeyPlace, Unknown(entry.Key));
            }
        }

        foreach (var missing in fields.Where(field => field.Required && entries.All(entry => entry.Key != field.Key)))
            reading.Report(SpecPath.Join(path, missing.Key), node.Place, new(SpecRules.MissingKey, "is missing", null, $"add `{missing.Key}: {missing.Example ?? "…"}`"));
        return true;
    }

    public override JsonNode? ToJson(T value) => null;

    public override JsonObject Write(T value)
    {
        var written = new JsonObject();
        foreach (var field in fields)
        {
            if (field.Write(value) is { } node)
                written[field.Key] = node;
        }

        return written;
    }

    public override JsonObject Schema(SchemaWriter writer) => writer.Define(Name, fields);

    private string KnownKeys => string.Join(", ", fields.Select(known => known.Key));

    private Fault Unknown(string key)
    {
        var meant = fields.FirstOrDefault(field => field.Synonyms.Contains(key, StringComparer.OrdinalIgnoreCase))?.Key
            ?? Nearest.To(key, fields.Select(field => field.Key));
        return new(SpecRules.UnknownKey, "is not a known key", meant is null ? $"known here: {KnownKeys}" : null, meant is null ? null : $"did you mean `{meant}`?");
    }
}
