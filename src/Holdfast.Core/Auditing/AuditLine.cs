using System.Globalization;
using System.Text.Json;

namespace Holdfast.Core.Auditing;

/// <summary>
/// The text of an entry: one line of JSON, its members in a fixed order, <c>prev</c> and <c>hash</c> last.
/// What is hashed is the same text without these two.
/// </summary>
public static class AuditLine
{
    /// <summary>UTC with seven decimals, always.</summary>
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Bytes of a line at most, newline included: what <see cref="AuditDetails"/> leaves stays far below.</summary>
    public const int LongestBytes = 1024 * 1024;

    /// <summary>The line as it stands in a file, its newline included.</summary>
    public static byte[] Format(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var text = new CanonicalText();
        Body(text, entry);
        End(text, entry.PreviousHash, entry.Hash);
        return text.Written.ToArray();
    }

    /// <summary>A time as an entry writes it.</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>What the hash covers.</summary>
    public static byte[] Canonical(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var text = new CanonicalText();
        Body(text, entry);
        return text.Raw("}"u8).Written.ToArray();
    }

    /// <summary>
    /// The entry in a line (with its newline), or null and why it is none. A line that says the same in other bytes is none:
    /// there is exactly one way to write an entry.
    /// </summary>
    public static AuditEntry? Parse(ReadOnlySpan<byte> line, out string? why)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var entry = Read(document.RootElement);
            why = entry is null ? "members are missing or of the wrong kind"
                : Format(entry).AsSpan().SequenceEqual(line) ? null
                : "it is not written as the log writes it";
            return why is null ? entry : null;
        }
        catch (JsonException e)
        {
            why = "it is not JSON: " + e.Message;
        }
        catch (InvalidOperationException)
        {
            why = "its text is not valid Unicode";
        }

        return null;
    }

    /// <summary>Up to the end of the details: what the hash covers, without its last bracket.</summary>
    internal static void Body(CanonicalText to, AuditEntry entry)
    {
        to.Raw("{\"v\":1,\"seq\":"u8).Number(entry.Sequence)
            .Raw(",\"at\":"u8).Time(entry.At)
            .Raw(",\"node\":"u8).Text(entry.Node)
            .Raw(",\"actor\":"u8).Text(entry.Actor)
            .Raw(",\"action\":"u8).Text(entry.Action)
            .Raw(",\"target\":"u8).Text(entry.Target)
            .Raw(",\"outcome\":"u8).Text(AuditOutcomes.Word(entry.Outcome))
            .Raw(",\"operation\":"u8).Text(entry.Operation)
            .Raw(",\"details\":{"u8);
        var details = AuditDetails.Ordered(entry.Details);
        for (var i = 0; i < details.Count; i++)
        {
            if (i > 0)
                to.Raw(","u8);
            to.Text(details.GetKeyAtIndex(i)).Raw(":"u8).Text(details.GetValueAtIndex(i));
        }

        to.Raw("}"u8);
    }

    /// <summary>What follows the body, newline included.</summary>
    internal static void End(CanonicalText to, string previousHash, string hash) =>
        to.Raw(",\"prev\":"u8).Text(previousHash).Raw(",\"hash\":"u8).Text(hash).Raw("}\n"u8);

    private static AuditEntry? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("seq", out var sequence) || sequence.ValueKind != JsonValueKind.Number || !sequence.TryGetInt64(out var number)
            || Text(root, "at") is not { } time
            || !DateTime.TryParseExact(time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at)
            || AuditOutcomes.Find(Text(root, "outcome") ?? "") is not { } outcome
            || Text(root, "node") is not { } node || Text(root, "actor") is not { } actor
            || Text(root, "action") is not { } action || Text(root, "target") is not { } target
            || Text(root, "operation") is not { } operation
            || !root.TryGetProperty("details", out var list) || list.ValueKind != JsonValueKind.Object
            || Text(root, "prev") is not { } previous || !IsHash(previous)
            || Text(root, "hash") is not { } hash || !IsHash(hash))
        {
            return null;
        }

        var details = new SortedList<string, string>(StringComparer.Ordinal);
        foreach (var detail in list.EnumerateObject())
        {
            if (detail.Value.ValueKind != JsonValueKind.String)
                return null;
            details[detail.Name] = detail.Value.GetString()!;
        }

        return new AuditEntry
        {
            Sequence = number,
            At = at,
            Node = node,
            Actor = actor,
            Action = action,
            Target = target,
            Outcome = outcome,
            Operation = operation,
            Details = details,
            PreviousHash = previous,
            Hash = hash,
        };
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
