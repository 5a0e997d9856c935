using System.Text;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>How Windows programs take their command line apart (the C runtime's rules): backslashes before a quotation mark count in pairs.</summary>
public static class WindowsCommandLine
{
    /// <returns>The words, without quotation marks; empty: the line holds none.</returns>
    public static IReadOnlyList<string> Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = new List<string>();
        var word = new StringBuilder();
        var (quoted, begun) = (false, false);
        for (var at = 0; at < line.Length;)
        {
            var slashes = 0;
            while (at + slashes < line.Length && line[at + slashes] == '\\') slashes++;
            at += slashes;
            var quote = at < line.Length && line[at] == '"';
            word.Append('\\', quote ? slashes / 2 : slashes);
            begun |= slashes > 0;
            if (quote && slashes % 2 == 1)
            {
                word.Append('"');
                at++;
            }
            else if (quote)
            {
                // Two in a quoted part are one that is meant.
                if (quoted && at + 1 < line.Length && line[at + 1] == '"') word.Append(line[++at]);
                else quoted = !quoted;
                begun = true;
                at++;
            }
            else if (at < line.Length && line[at] is ' ' or '\t' && !quoted)
            {
                if (begun) words.Add(word.ToString());
                word.Clear();
                begun = false;
                at++;
            }
            else if (at < line.Length)
            {
                word.Append(line[at++]);
                begun = true;
            }
        }

        if (begun) words.Add(word.ToString());
        return words;
    }
}
