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

    public const string Hidden = "[hidden]";

    /// <summary>The detail in which each entry says how right the clock was that its time is from.</summary>
    public const string Clock = "clock";

    private static readonly string[] SecretWords = ["password", "passwd", "passphrase", "secret", "token", "credential", "apikey", "api-key", "api_key", "privatekey", "private-key", "private_key", "authorization"];

    public static bool NamesSecret(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase));
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
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    public static IReadOnlyDictionary<string, string> Clean(IReadOnlyDictionary<string, string> details)
    {
        ArgumentNullException.ThrowIfNull(details);
        var clean = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in details.OrderBy(d => d.Key, StringComparer.Ordinal).Take(Most))
            clean[Clean(key)] = NamesSecret(key) ? Hidden : Clean(value);
        if (details.Count > Most)
            clean[More] = (details.Count - Most).ToString();
        return clean;
    }
}
