using System.Text;
using System.Text.Json;
using Holdfast.Core.Documents;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>What a <c>global.json</c> says of the .NET SDK.</summary>
/// <param name="Version"><c>10.0.100</c>.</param>
/// <param name="RollForward">How far another SDK may be from it; <c>latestPatch</c> where nothing is said, as with the dotnet command.</param>
/// <param name="Place">Where the version stands.</param>
public sealed record SdkDemand(string Version, string RollForward, Place Place);

/// <summary>Reads <c>global.json</c>: JSON with comments, of which <c>sdk.version</c> and <c>sdk.rollForward</c> matter here.</summary>
public static class GlobalJson
{
    private const string DefaultRollForward = "latestPatch";

    private static readonly string[] RollForwards =
        ["patch", "feature", "minor", "major", "latestPatch", "latestFeature", "latestMinor", "latestMajor", "disable"];

    private delegate void MemberReader(string name, ref Utf8JsonReader value);

    /// <returns>Null: it says nothing of the SDK. Problems: <c>toolchain.global-json</c>, each with its line.</returns>
    public static Outcome<SdkDemand?> Read(ProjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var bytes = Encoding.UTF8.GetBytes(file.Text.TrimStart('\uFEFF'));
        List<Problem> problems = [];
        (string Text, Place Place)? version = null, rollForward = null;
        try
        {
            Utf8JsonReader reader = new(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return Bad(new(file.Path, 1, 1), "it is no object of JSON", "write {\"sdk\": {\"version\": \"10.0.100\"}}");
            Members(ref reader, (string name, ref Utf8JsonReader value) =>
            {
                if (name != "sdk") value.Skip();
                else if (value.TokenType == JsonTokenType.StartObject) Members(ref value, Sdk);
                else NotObject(ref value, PlaceOf(file, bytes, (int)value.TokenStartIndex));
            });
            // Nothing may follow it.
            reader.Read();
        }
        catch (InvalidOperationException)
        {
            return Bad(new(file.Path, 1, 1), "it has a text with half a character in it", "remove it");
        }
        catch (JsonException broken)
        {
            return new Problem(ProblemKind.BadInput, "toolchain.global-json", "it is not JSON") { Where = new(file.Path, (int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1) };
        }

        if (version is { } number && !IsVersion(number.Text))
            problems.Add(Bad(number.Place, $"'{number.Text}' is no version of an SDK", "write it in full, such as 10.0.100"));
        if (rollForward is { } roll && !RollForwards.Contains(roll.Text, StringComparer.OrdinalIgnoreCase))
            problems.Add(Bad(roll.Place, $"'{roll.Text}' is no way to roll forward", Nearest.To(roll.Text, RollForwards) is { } near ? $"did you mean {near}?" : $"one of {string.Join(", ", RollForwards)}"));
        if (problems.Count > 0) return problems;
        return Outcome.Of(version is { } said ? new SdkDemand(said.Text, rollForward?.Text ?? DefaultRollForward, said.Place) : null);

        void Sdk(string name, ref Utf8JsonReader value)
        {
            var place = PlaceOf(file, bytes, (int)value.TokenStartIndex);
            if (name is not ("version" or "rollForward")) value.Skip();
            else if (value.TokenType != JsonTokenType.String) NotText(ref value, name, place);
            else if (name == "version") version = (value.GetString()!, place);
            else rollForward = (value.GetString()!, place);
        }

        void NotObject(ref Utf8JsonReader value, Place place)
        {
            problems.Add(Bad(place, "sdk is no object", "write {\"version\": \"10.0.100\"}"));
            value.Skip();
        }

        void NotText(ref Utf8JsonReader value, string name, Place place)
        {
            problems.Add(Bad(place, $"{name} is not text", "write it in quotes"));
            value.Skip();
        }
    }

    private static void Members(ref Utf8JsonReader reader, MemberReader read)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            read(name, ref reader);
        }
    }

    /// <summary>Three numbers, the last of three digits, and what a preview has behind them.</summary>
    private static bool IsVersion(string text) =>
        text.Split('-')[0].Split('.') is [var major, var minor, { Length: 3 } band] && new[] { major, minor, band }.All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    private static Problem Bad(Place where, string what, string mend) => new(ProblemKind.BadInput, "toolchain.global-json", what) { Where = where, Mend = mend };

    private static Place PlaceOf(ProjectFile file, byte[] bytes, int offset)
    {
        var before = bytes.AsSpan(0, offset);
        return new(file.Path, before.Count((byte)'\n') + 1, offset - before.LastIndexOf((byte)'\n'));
    }
}
