using System.Text;
using System.Text.Json;
using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Sinks.Elasticsearch;

/// <summary>
/// The answer to a bulk request: HTTP 200 says only that it was read, each item has a status of its own. (Elasticsearch reference, "Bulk API": the items stand in the order of the request.)
/// </summary>
/// <remarks>Regressions: vector#140, #2968, #11359, #25799, logstash#1631: an item's 429 under HTTP 200 was taken for delivered.</remarks>
internal static class BulkAnswer
{
    private const int LongestReason = 500;

    /// <summary>What it says of each item. Throws JsonException where it is no such answer.</summary>
    public static IReadOnlyList<EventAnswer> Read(ReadOnlySpan<byte> body)
    {
        var answers = new List<EventAnswer>();
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("an object was expected");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = reader.ValueTextEquals("items"u8);
            reader.Read();
            if (!isItems) reader.Skip();
            else ReadItems(ref reader, answers);
        }

        return answers;
    }

    private static void ReadItems(ref Utf8JsonReader reader, List<EventAnswer> answers)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("'items' is no array");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            // {"create": {…}}
            reader.Read();
            reader.Read();
            answers.Add(ReadItem(ref reader));
            reader.Read();
        }
    }

    private static EventAnswer ReadItem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("an item is no object");
        var status = 0;
        var why = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isStatus, isError) = (reader.ValueTextEquals("status"u8), reader.ValueTextEquals("error"u8));
            reader.Read();
            if (isStatus && reader.TokenType == JsonTokenType.Number) status = reader.GetInt32();
            else if (isError) why = Reason(ref reader);
            else reader.Skip();
        }

        return Judge(status, why);
    }

    /// <summary>409 is the answer to an id that is there already: it was delivered before, and only the answer was lost.</summary>
    private static EventAnswer Judge(int status, string why) => status switch
    {
        (>= 200 and < 300) or 409 => new(EventEnd.Delivered),
        429 or >= 500 or 0 => new(EventEnd.Later, $"{status} {why}"),
        _ => new(EventEnd.Never, $"{status} {why}"),
    };

    /// <summary>The type and reason of an error, with what caused it.</summary>
    private static string Reason(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return Cut(reader.GetString() ?? "");
        if (reader.TokenType != JsonTokenType.StartObject) return "";
        using var error = JsonDocument.ParseValue(ref reader);
        var text = new StringBuilder();
        for (var (at, depth) = (error.RootElement, 0); depth < 4 && at.ValueKind == JsonValueKind.Object; depth++)
        {
            if (depth > 0) text.Append(", since ");
            text.Append(Text(at, "type")).Append(": ").Append(Text(at, "reason"));
            if (!at.TryGetProperty("caused_by", out at)) break;
        }

        return Cut(text.ToString());
    }

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Cut(string text) => text.Length <= LongestReason ? text : text[..LongestReason] + "…";
}
