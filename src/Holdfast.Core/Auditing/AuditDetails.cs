using System.Buffers;
using System.Text;

namespace Holdfast.Core.Auditing;

/// <summary>Keeps what should not be there out of entries: secrets by the name of their key, texts without end, broken Unicode.</summary>
public static class AuditDetails
{
    /// <summary>Characters of one text; what is longer is cut, and says so.</summary>
    public const int LongestText = 2048;

    /// <summary>Details of one entry; what is more is counted in the detail <see cref="More"/>.</summary>
    public const int Most = 32;

    public const string More = "more";

    private const char FirstSurrogate = '\ud800', LastSurrogate = '\udfff';

    public const string Hidden = "[hidden]";

    /// <summary>The detail in which each entry says how right the clock was that its time is from.</summary>
    public const string Clock = "clock";

    private static readonly SearchValues<string> SecretWords = SearchValues.Create(["password", "passwd", "passphrase", "secret", "token", "credential", "apikey", "api-key", "api_key", "privatekey", "private-key", "private_key", "authorization"], StringComparison.OrdinalIgnoreCase);

    public static bool NamesSecret(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.AsSpan().ContainsAny(SecretWords);
    }

    /// <summary>The text as an entry can hold it: valid Unicode, not too long. Cleaning twice changes nothing more.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText)
        {
            var note = $"… ({text.Length} characters)";
            text = text[..(LongestText - note.Length)] + note;
        }

        // Lone surrogates have no UTF-8: they become the replacement character here, so that what is hashed is what is written.
        return !text.AsSpan().ContainsAnyInRange(FirstSurrogate, LastSurrogate) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    public static IReadOnlyDictionary<string, string> Clean(IReadOnlyDictionary<string, string> details)
    {
        ArgumentNullException.ThrowIfNull(details);
        var clean = new SortedList<string, string>(Math.Min(details.Count, Most + 1), StringComparer.Ordinal);
        IEnumerable<KeyValuePair<string, string>> kept = details.Count <= Most ? details : details.OrderBy(d => d.Key, StringComparer.Ordinal).Take(Most);
        foreach (var (key, value) in kept)
            clean[Clean(key)] = NamesSecret(key) ? Hidden : Clean(value);
        if (details.Count > Most)
            clean[More] = (details.Count - Most).ToString();
        return clean;
    }

    /// <summary>In the order in which an entry has them. What was cleaned or read has it already.</summary>
    internal static SortedList<string, string> Ordered(IReadOnlyDictionary<string, string> details) =>
        details is SortedList<string, string> sorted && ReferenceEquals(sorted.Comparer, StringComparer.Ordinal) ? sorted : new(details.ToDictionary(), StringComparer.Ordinal);
}
