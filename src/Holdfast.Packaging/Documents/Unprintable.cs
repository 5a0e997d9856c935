using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Documents;

/// <summary>Characters that no YAML text holds, and those that make a reviewer see something else than the parser reads.</summary>
internal static class Unprintable
{
    public static Problem? Find(string text, string file)
    {
        var (line, column) = (1, 1);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // What a decoder puts where it finds no character.
            if (c == '\uFFFD')
                return DocumentProblems.Encoding(new Place(file, line, column));
            if (IsBad(text, i))
                return DocumentProblems.Unprintable(new Place(file, line, column), c);
            if (char.IsHighSurrogate(c))
                i++;
            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return null;
    }

    private static bool IsBad(string text, int i)
    {
        var c = text[i];
        if (char.IsHighSurrogate(c))
            return i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]);
        return char.IsLowSurrogate(c)
            || (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
            || c is '\uFFFE' or '\uFFFF' or '\uFEFF'
            || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
    }
}
