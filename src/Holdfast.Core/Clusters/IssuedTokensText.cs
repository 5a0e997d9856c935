using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Clusters;

/// <summary>Between <see cref="IssuedTokens"/> and the document that is kept of them.</summary>
public static class IssuedTokensText
{
    private const string ApiVersion = "holdfast/v1", Kind = "JoinTokens";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n" };

    public static string Of(IssuedTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = Kind, ["tokens"] = new JsonArray([.. tokens.Tokens.Select(Document)]) }.ToJsonString(Readable) + "\n";
    }

    /// <summary>What cannot be read is Damaged: which tokens were used, nobody would know.</summary>
    public static Outcome<IssuedTokens> Parse(string text, string file)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject document && (string?)document["apiVersion"] == ApiVersion && (string?)document["kind"] == Kind && document["tokens"] is JsonArray tokens
                ? new IssuedTokens([.. tokens.Select(one => Read(one as JsonObject ?? throw new FormatException("a token is no object")))])
                : Damaged(file, $"it is no {Kind} of {ApiVersion}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Damaged(file, e.Message);
        }
    }

    private static JsonNode Document(IssuedToken one)
    {
        JsonObject document = new() { ["hash"] = one.Hash, ["node"] = one.Node, ["until"] = Stamp(one.Until) };
        if (one.UsedAt is { } at) document["usedAt"] = Stamp(at);
        return document;
    }

    private static IssuedToken Read(JsonObject one) => new(Text(one, "hash"), Text(one, "node"), Time(Text(one, "until"))) { UsedAt = (string?)one["usedAt"] is { } at ? Time(at) : null };

    private static string Text(JsonObject one, string name) => (string?)one[name] ?? throw new FormatException($"a token has no {name}");

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static Problem Damaged(string file, string why) => new(ProblemKind.Damaged, "cluster.tokens", $"{file} is not what was written.")
    {
        Why = why,
        Mend = "remove it: tokens that are out are worth nothing then, and new ones can be given out",
    };
}
