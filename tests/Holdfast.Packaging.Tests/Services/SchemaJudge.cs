using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Holdfast.Core.Documents;

namespace Holdfast.Packaging.Tests.Services;

/// <summary>As much of JSON Schema as ours uses, to hold documents against it as an editor does. A keyword that it does not know is an error.</summary>
internal sealed class SchemaJudge(JsonObject root)
{
    private static readonly HashSet<string> Notes = ["$schema", "$id", "$defs", "title", "description", "default", "then", "else"];

    public bool Accepts(DocumentNode document) => Holds(root, Json(document));

    private bool Holds(JsonObject schema, JsonNode? value) =>
        schema.Where(keyword => !Notes.Contains(keyword.Key)).All(keyword => Holds(keyword.Key, keyword.Value!, schema, value));

    private bool Holds(string keyword, JsonNode rule, JsonObject schema, JsonNode? value) => keyword switch
    {
        "$ref" => Holds(root["$defs"]![((string)rule!)["#/$defs/".Length..]]!.AsObject(), value),
        "if" => Holds(schema[Holds(rule.AsObject(), value) ? "then" : "else"]!.AsObject(), value),
        "anyOf" => rule.AsArray().Any(one => Holds(one!.AsObject(), value)),
        "type" => (rule is JsonArray types ? types.Select(type => (string)type!) : [(string)rule!]).Any(type => IsOf(type, value)),
        "enum" => rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
        "const" => JsonNode.DeepEquals(rule, value),
        "pattern" => value is not JsonValue text || text.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)text!, (string)rule!),
        "minLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length >= (int)rule,
        "maxLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length <= (int)rule,
        "minimum" => value?.GetValueKind() != JsonValueKind.Number || (double)value >= (double)rule,
        "exclusiveMinimum" => value?.GetValueKind() != JsonValueKind.Number || (double)value > (double)rule,
        "maximum" => value?.GetValueKind() != JsonValueKind.Number || (double)value <= (double)rule,
        "minItems" => value is not JsonArray list || list.Count >= (int)rule,
        "maxItems" => value is not JsonArray list || list.Count <= (int)rule,
        "maxProperties" => value is not JsonObject map || map.Count <= (int)rule,
        "items" => value is not JsonArray list || list.All(item => Holds(rule.AsObject(), item)),
        "required" => value is not JsonObject map || rule.AsArray().All(key => map.ContainsKey((string)key!)),
        "propertyNames" => value is not JsonObject map || map.All(entry => Holds(rule.AsObject(), JsonValue.Create(entry.Key))),
        "properties" => value is not JsonObject map || map.All(entry => rule[entry.Key] is not JsonObject known || Holds(known, entry.Value)),
        "additionalProperties" => value is not JsonObject map || map.All(entry => schema["properties"]?[entry.Key] is not null || (rule is JsonObject other && Holds(other, entry.Value))),
        _ => throw new InvalidOperationException($"The judge does not know {keyword}."),
    };

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && double.IsInteger((double)value),
        _ => false,
    };

    /// <summary>What an editor's YAML (1.2, core schema) makes of a document.</summary>
    private static JsonNode? Json(DocumentNode node) => node switch
    {
        { IsNothing: true } => null,
        MappingNode mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { Quoted: false, Text: "true" or "false" } flag => JsonValue.Create(flag.Text == "true"),
        ScalarNode { Quoted: false } plain when Regex.IsMatch(plain.Text, @"^[-+]?[0-9]+(\.[0-9]+)?$") => JsonValue.Create(double.Parse(plain.Text, CultureInfo.InvariantCulture)),
        ScalarNode scalar => JsonValue.Create(scalar.Text),
        _ => throw new InvalidOperationException("no such node"),
    };
}
