using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Leadership;

namespace Holdfast.Core.Incidents;

/// <summary>The terms of a lease as its length: all else follows from it.</summary>
public sealed class LeaseTermsJson : JsonConverter<LeaseTerms>
{
    public override LeaseTerms Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !TimeSpan.TryParseExact(reader.GetString(), "c", CultureInfo.InvariantCulture, out var length))
            throw new JsonException("The terms of a lease are its length.");
        // Whether killing is quick enough for it was asked when it was granted.
        var terms = LeaseTerms.Of(length, TimeSpan.Zero);
        return terms.IsOk ? terms.Value : throw new JsonException(terms.Problems[0].What);
    }

    public override void Write(Utf8JsonWriter writer, LeaseTerms value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.Length.ToString("c", CultureInfo.InvariantCulture));
    }
}
