using System.Text;

namespace Holdfast.Platform.Windows.Births;

/// <summary>
/// The one text that a Windows process gets for all its arguments, such that CommandLineToArgvW and the C runtime take from it what was put
/// in: an argument with blanks or quotes stands in quotes; a backslash means itself unless a quote follows, so those before a quote are
/// doubled (Microsoft: "Parsing C command-line arguments").
/// </summary>
internal static class CommandLineText
{
    /// <summary>In characters, the closing zero included: UNICODE_STRING's limit.</summary>
    public const int Longest = 32767;

    /// <param name="program">Stands first, where quotes cannot be escaped: a path holds none.</param>
    public static string Of(string program, IReadOnlyList<string> arguments)
    {
        var text = new StringBuilder().Append('"').Append(program).Append('"');
        foreach (var argument in arguments) Append(text.Append(' '), argument);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string argument)
    {
        // A line feed or vertical tab separates nothing, and yet some runtimes think so: in quotes it certainly does not.
        if (argument.Length > 0 && argument.AsSpan().IndexOfAny(" \t\n\v\"") < 0)
        {
            text.Append(argument);
            return;
        }

        text.Append('"');
        var backslashes = 0;
        foreach (var character in argument)
        {
            if (character == '\\')
            {
                backslashes++;
                continue;
            }

            text.Append('\\', character == '"' ? (2 * backslashes) + 1 : backslashes).Append(character);
            backslashes = 0;
        }

        text.Append('\\', 2 * backslashes).Append('"');
    }
}
