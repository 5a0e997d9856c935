namespace Holdfast.Packaging.Reading;

/// <summary>The lines that differ between two texts, with a few around them.</summary>
internal static class LineDiff
{
    private const int Context = 2;

    /// <summary>Beyond this the middle is told as removed and added: the table below would be too large.</summary>
    private const int MaxCells = 4_000_000;

    /// <summary>Each line with <c>-</c>, <c>+</c> or a space before it; <c>…</c> stands for equal lines that are left out. Empty: no difference.</summary>
    public static IReadOnlyList<string> Compare(string[] old, string[] now)
    {
        var marked = Mark(old, now);
        if (marked.All(l => l[0] == ' ')) return [];
        List<string> shown = [];
        for (var i = 0; i < marked.Count; i++)
        {
            var near = Enumerable.Range(Math.Max(0, i - Context), Math.Min(marked.Count, i + Context + 1) - Math.Max(0, i - Context)).Any(j => marked[j][0] != ' ');
            if (near) shown.Add(marked[i]);
            else if (shown.LastOrDefault() != "…") shown.Add("…");
        }

        return shown;
    }

    private static List<string> Mark(string[] old, string[] now)
    {
        var start = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start]) start++;
        var end = 0;
        while (end < old.Length - start && end < now.Length - start && old[^(end + 1)] == now[^(end + 1)]) end++;
        var before = old[start..^end];
        var after = now[start..^end];
        List<string> lines = [.. old[..start].Select(l => " " + l)];
        if ((long)before.Length * after.Length > MaxCells) lines.AddRange([.. before.Select(l => "-" + l), .. after.Select(l => "+" + l)]);
        else AddChanges(before, after, lines);
        lines.AddRange(old[^end..].Select(l => " " + l));
        return lines;
    }

    /// <summary>Longest common subsequence, walked from the front.</summary>
    private static void AddChanges(string[] old, string[] now, List<string> lines)
    {
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var (o, n) = (0, 0);
        while (o < old.Length || n < now.Length)
        {
            if (o < old.Length && n < now.Length && old[o] == now[n])
            {
                lines.Add(" " + old[o++]);
                n++;
            }
            else if (o < old.Length && (n == now.Length || common[o + 1, n] >= common[o, n + 1]))
            {
                lines.Add("-" + old[o++]);
            }
            else
            {
                lines.Add("+" + now[n++]);
            }
        }
    }
}
