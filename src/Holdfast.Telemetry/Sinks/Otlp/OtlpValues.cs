using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Holdfast.Telemetry.Sinks.Otlp.Wire;

namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>JSON as OpenTelemetry's values, nothing of it left out.</summary>
internal static class OtlpValues
{
    public static AnyValue Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new() { StringValue = Text(value) },
        JsonValueKind.Number => Number(value),
        JsonValueKind.True or JsonValueKind.False => new() { BoolValue = value.GetBoolean() },
        JsonValueKind.Array => new() { ArrayValue = new() { Values = { value.EnumerateArray().Select(Of) } } },
        JsonValueKind.Object => new() { KvlistValue = new() { Values = { value.EnumerateObject().Select(member => new KeyValue { Key = Name(member), Value = Of(member.Value) }) } } },
        _ => new(),
    };

    /// <summary>Of a string. An escape that makes no character (half of a pair) stays as it was written.</summary>
    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }

    public static string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }

    /// <summary>A whole number that is larger than there is room for is kept as text: as a fraction it would be another one.</summary>
    private static AnyValue Number(JsonElement value)
    {
        if (value.TryGetInt64(out var whole)) return new() { IntValue = whole };
        var text = value.GetRawText();
        return text.AsSpan().ContainsAny('.', 'e', 'E') && double.TryParse(text, CultureInfo.InvariantCulture, out var fraction) && double.IsFinite(fraction)
            ? new() { DoubleValue = fraction }
            : new() { StringValue = text };
    }
}
