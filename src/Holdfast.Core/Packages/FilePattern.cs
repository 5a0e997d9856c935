namespace Holdfast.Core.Packages;

/// <summary>
/// A pattern of package paths: <c>*</c> and <c>?</c> stand for characters of one name, <c>**</c> for any number of folders, and a path
/// without any of them for that file or for everything under that folder. Wildcards pass over hidden names (those that begin with a
/// dot); a pattern that spells the dot finds them. Cases are told apart on every system.
/// </summary>
public sealed class FilePattern
{
    private readonly string[] names;

    public FilePattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Text = pattern;
        var trimmed = pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern;
        names = trimmed.TrimEnd('/').Split('/');
        IsLiteral = !trimmed.AsSpan().ContainsAny('*', '?');
    }

    public string Text { get; }

    /// <summary>It has no wildcards: it names one file or folder.</summary>
    public bool IsLiteral { get; }

    public bool Matches(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return names is ["." or ""] ? !IsHidden(path) : Matches(names, path.Split('/'));
    }

    /// <summary>Whether a name of the path begins with a dot.</summary>
    public static bool IsHidden(string path) => path[0] == '.' || path.Contains("/.", StringComparison.Ordinal);

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        while (true)
        {
            // A folder that is matched in full takes all that is visible under it.
            if (pattern.IsEmpty) return path.IsEmpty || !AnyHidden(path);
            if (path.IsEmpty) return false;
            if (pattern[0] == "**")
            {
                for (var skip = 0; skip <= path.Length && !AnyHidden(path[..skip]); skip++)
                {
                    if (pattern.Length == 1 ? skip == path.Length : Matches(pattern[1..], path[skip..])) return true;
                }

                return false;
            }

            if (!MatchesName(pattern[0], path[0])) return false;
            pattern = pattern[1..];
            path = path[1..];
        }
    }

    private static bool AnyHidden(ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (name[0] == '.') return true;
        }

        return false;
    }

    /// <summary>Remembers the last star and comes back to it: linear in practice, and never exponential.</summary>
    private static bool MatchesName(string pattern, string name)
    {
        if (name[0] == '.' && pattern[0] != '.') return false;
        var (p, n, star, mark) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, mark, p) = (p, n, p + 1);
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n])) (p, n) = (p + 1, n + 1);
            else if (star >= 0) (p, n, mark) = (star + 1, mark + 1, mark + 1);
            else return false;
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }
}
