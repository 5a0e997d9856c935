namespace Holdfast.Core.Documents;

/// <summary>Finds what somebody probably meant.</summary>
public static class Nearest
{
    /// <summary>
    /// The candidate with the fewest slips of the keyboard (insert, delete, replace, swap neighbours; case aside) from the word,
    /// or null when none is close: more than a third of the word's length is another word.
    /// </summary>
    public static string? To(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        if (word.Length > 100)
            return null;
        var allowed = Math.Max(1, (word.Length + 1) / 3);
        return candidates
            .Select(candidate => (candidate, slips: Slips(word, candidate)))
            .Where(found => found.slips <= allowed && found.slips < Math.Max(word.Length, found.candidate.Length))
            .OrderBy(found => found.slips)
            .ThenBy(found => found.candidate, StringComparer.Ordinal)
            .Select(found => found.candidate)
            .FirstOrDefault();
    }

    /// <summary>The number of single slips between two words (optimal string alignment).</summary>
    internal static int Slips(string left, string right)
    {
        left = left.ToLowerInvariant();
        right = right.ToLowerInvariant();
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                var best = Math.Min(replace, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    best = Math.Min(best, table[i - 2, j - 2] + 1);
                table[i, j] = best;
            }
        }

        return table[left.Length, right.Length];
    }
}
