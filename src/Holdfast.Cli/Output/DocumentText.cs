using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Documents;

namespace Holdfast.Cli.Output;

/// <summary>A document as text.</summary>
internal static class DocumentText
{
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ends in a line end.</summary>
    public static string Of(JsonNode document, OutputFormat format) =>
        format == OutputFormat.Yaml ? YamlText.Of(document) : Json(document, Pretty) + "\n";

    /// <summary>JSON without line ends in it.</summary>
    public static string OneLineJson(JsonNode document) => Json(document, OneLine);

    public static string PrettyJson(JsonNode document) => Json(document, Pretty);

    private static string Json(JsonNode document, JsonWriterOptions options)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options)) document.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
