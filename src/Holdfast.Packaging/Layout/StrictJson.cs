using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Layout;

/// <summary>Ends the reading of a document that is not as the format says; <see cref="StrictJson.Read"/> turns it into a problem.</summary>
internal sealed class LayoutException(string rule, string what) : Exception(what)
{
    public string Rule { get; } = rule;
}

/// <summary>
/// Reads JSON without building a tree: bounded depth, no comments, no trailing commas, and every member is either known or refused.
/// That it was canonical is found by writing what was understood and comparing the bytes.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 8;

    public delegate T DocumentReader<out T>(ref Utf8JsonReader reader);

    public delegate void MemberReader(ref Utf8JsonReader reader, string name);

    public delegate void ItemReader(ref Utf8JsonReader reader, int index);

    /// <param name="bytes">The document.</param>
    /// <param name="what">Its name, for messages: <c>the manifest</c>.</param>
    /// <param name="read">Reads the root value.</param>
    /// <param name="write">Writes it back in canonical form.</param>
    public static Outcome<T> Read<T>(ReadOnlyMemory<byte> bytes, string what, DocumentReader<T> read, Func<T, byte[]> write)
    {
        try
        {
            Utf8JsonReader reader = new(bytes.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            var value = read(ref reader);
            if (reader.Read()) throw new LayoutException("package.layout", $"something follows {what}");
            if (bytes.Span.SequenceEqual(write(value))) return value;
            return Refuse("package.not-canonical", $"{what} is not written in its one canonical form", "keys are sorted and come once, with no white space and no needless escapes: two spellings would be two identities");
        }
        catch (LayoutException layout)
        {
            return Refuse(layout.Rule, layout.Message, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8, or half a surrogate pair.
            return Refuse("package.layout", $"{what} is not JSON that a package may hold", ZipProblems.Shown(exception.Message));
        }
    }

    public static void Object(ref Utf8JsonReader reader, string where, MemberReader member)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Expected(where, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            member(ref reader, name);
        }
    }

    public static void Array(ref Utf8JsonReader reader, string where, int limit, ItemReader item)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Expected(where, "a list");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i >= limit) throw new LayoutException("package.too-many", $"{where} has more than {limit} items");
            item(ref reader, i);
        }
    }

    public static string String(ref Utf8JsonReader reader, string where) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Expected(where, "text");

    public static long Number(ref Utf8JsonReader reader, string where) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : throw Expected(where, "a whole number");

    public static IReadOnlyDictionary<string, string> Strings(ref Utf8JsonReader reader, string where)
    {
        SortedDictionary<string, string> strings = new(StringComparer.Ordinal);
        Object(ref reader, where, (ref Utf8JsonReader r, string name) => strings[name] = String(ref r, where));
        return strings;
    }

    public static LayoutException Unknown(string where, string name) => new("package.unknown-field",
        $"{where} has the field '{ZipProblems.Shown(name)}', which this version does not know: it may change what the package means, so the package is refused");

    private static LayoutException Expected(string where, string kind) => new("package.layout", $"{where} is not {kind}");

    private static Problem Refuse(string rule, string what, string? why) => new(ProblemKind.Refused, rule, what) { Why = why, Mend = "pack the service again with 'holdfast pack'" };
}
