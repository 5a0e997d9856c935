using System.Globalization;
using System.Text;

namespace Holdfast.Core.EventLog;

/// <summary>Makes any text one that Event Viewer shows as it is.</summary>
public static class EventLogText
{
    /// <summary>
    /// ReportEvent takes 31,839 characters a string, and an entry of a few strings must stay below 64 KiB in all; nobody reads as much.
    /// </summary>
    public const int MostCharacters = 8_000;

    /// <summary>What stands for something that there is not: Windows takes no gaps.</summary>
    public const string Nothing = "-";

    /// <summary>
    /// Within a string Event Viewer takes % and a number for another string, and %% and a number for a system's parameter (documented
    /// at ReportEvent): a space keeps them apart. A NUL would end it, and control characters would break the page; without its last full
    /// stop it fits into a sentence.
    /// </summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Nothing;
        var trimmed = text.Trim().TrimEnd('.');
        var shown = new StringBuilder(trimmed.Length);
        for (var at = 0; at < trimmed.Length; at++)
        {
            if (shown.Length >= MostCharacters)
            {
                shown.Append('…');
                break;
            }

            var letter = trimmed[at];
            shown.Append(letter is '\r' or '\n' or '\t' ? ' ' : char.IsControl(letter) ? '?' : letter);
            if (letter == '%' && at + 1 < trimmed.Length && (char.IsAsciiDigit(trimmed[at + 1]) || trimmed[at + 1] == '%')) shown.Append(' ');
        }

        return shown.Length == 0 ? Nothing : shown.ToString();
    }

    /// <summary>A number as every reader of a log finds it: without marks between its digits.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);
}
