using System.Text.Json.Nodes;
using Holdfast.Core.Services.Fields;

namespace Holdfast.Core.Services.Schema;

/// <summary>Draws groups of fields as JSON Schema definitions, each once.</summary>
/// <param name="definitions">Where they go, by name.</param>
/// <param name="partial">For values: nothing is required, as the spec below has it.</param>
internal sealed class SchemaWriter(JsonObject definitions, bool partial)
{
    public JsonObject Define(string name, IReadOnlyList<Field> fields)
    {
        if (partial)
            name = "Values" + name;
        if (!definitions.ContainsKey(name))
        {
            var properties = new JsonObject();
            // In place before its fields are drawn, so that the order of definitions is that of a reader.
            var definition = new JsonObject { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = false, ["properties"] = properties };
            definitions[name] = definition;
            foreach (var field in fields)
                properties[field.Key] = Draw(field);
            var required = fields.Where(field => field.Required).Select(field => (JsonNode?)JsonValue.Create(field.Key)).ToArray();
            if (required.Length > 0 && !partial)
            {
                definition["required"] = new JsonArray(required);
                definition["type"] = "object";
            }
        }

        return new() { ["$ref"] = "#/$defs/" + name };
    }

    private JsonObject Draw(Field field)
    {
        var schema = field.Shape.Schema(this);
        schema["description"] = field.Doc;
        if (field.Default is { } value)
            schema["default"] = value.DeepClone();
        return schema;
    }
}
