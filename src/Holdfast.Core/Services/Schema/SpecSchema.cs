using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Values;

namespace Holdfast.Core.Services.Schema;

/// <summary>The JSON Schema (draft 2020-12) of specs and values, drawn from the catalogue. Editors complete from it; the reader is stricter.</summary>
public static class SpecSchema
{
    public const string Id = "urn:holdfast:schema:v1";

    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text, the same for every call.</summary>
    public static string Generate()
    {
        var definitions = new JsonObject();
        var service = new SchemaWriter(definitions, partial: false).Define("Service", ServiceFields.Shape.Fields);
        var values = new SchemaWriter(definitions, partial: true).Define(
            "",
            [.. ValuesHead.Shape.Fields, .. ServiceFields.Shape.Fields.Where(field => !OpenPaths.Never.Contains(field.Key))]);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = Id,
            ["title"] = "Holdfast: a service's spec, and values for one",
            ["type"] = "object",
            ["if"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = SpecWords.Values } },
                ["required"] = new JsonArray("kind"),
            },
            ["then"] = values,
            ["else"] = service,
            ["$defs"] = definitions,
        };
        return schema.ToJsonString(Form) + "\n";
    }
}
