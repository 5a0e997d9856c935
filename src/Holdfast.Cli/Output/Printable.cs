using System.Text;

namespace Holdfast.Cli.Output;

/// <summary>Text that a terminal only shows: control characters, which could move its cursor or retitle it, become visible.</summary>
internal static class Printable
{
    public static string Text(string text)
    {
        foreach (var c in text)
        {
            if (IsControl(c)) return Replace(text);
        }

        return text;
    }

    private static bool IsControl(char c) => (char.IsControl(c) && c is not ('\t' or '\n')) || TurnsAround(c);

    // They would show one name where another stands.
    private static bool TurnsAround(char c) => c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static string Replace(string text)
    {
        var shown = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (IsControl(c)) shown.Append($"\\x{(int)c:x2}");
            else shown.Append(c);
        }

        return shown.ToString();
    }
}
