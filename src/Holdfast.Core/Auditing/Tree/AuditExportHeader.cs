using System.Globalization;
using System.Text;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>
/// What stands before the entries of an export, in lines of text: which entries they are, the hashes that join them to the tree, and the signed
/// checkpoint. After an empty line come the entries as they are in the log, then, after another one, their hashes in base64, one a line.
/// </summary>
/// <param name="First">The number of the tree's first entry: entry n is leaf n - First.</param>
/// <param name="From">The number of the first entry that is here.</param>
/// <param name="To">The number of the last one.</param>
/// <param name="Left">The roots of the whole subtrees before <paramref name="From"/>, from left to right.</param>
/// <param name="Right">Those after <paramref name="To"/>, up to the checkpoint's size.</param>
/// <param name="Note">The checkpoint.</param>
public sealed record AuditExportHeader(long First, long From, long To, IReadOnlyList<TreeHash> Left, IReadOnlyList<TreeHash> Right, ReadOnlyMemory<byte> Note)
{
    public const string FirstLine = "holdfast-audit-export@v1";

    /// <summary>Lines before the checkpoint at most: a tree has a subtree for each bit of its size on either side.</summary>
    internal const int MostLines = 4 + (2 * 63);

    public byte[] Format()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{FirstLine}\nfirst {First}\nfrom {From}\nto {To}\n");
        foreach (var hash in Left)
            text.Append(CultureInfo.InvariantCulture, $"left {hash}\n");
        foreach (var hash in Right)
            text.Append(CultureInfo.InvariantCulture, $"right {hash}\n");
        return [.. Encoding.ASCII.GetBytes(text.Append('\n').ToString()), .. Note.Span, (byte)'\n'];
    }

    /// <summary>Null, and why: the lines are not ones that <see cref="Format"/> writes.</summary>
    /// <param name="lines">Before the checkpoint, without newlines.</param>
    /// <param name="note">The checkpoint.</param>
    /// <param name="why">A sentence without its subject.</param>
    internal static AuditExportHeader? Parse(IReadOnlyList<string> lines, ReadOnlyMemory<byte> note, out string why)
    {
        why = "its first lines are not those of an export";
        if (lines.Count < 4 || lines[0] != FirstLine || Number(lines[1], "first ") is not { } first || Number(lines[2], "from ") is not { } from || Number(lines[3], "to ") is not { } to)
            return null;
        var left = lines.Skip(4).TakeWhile(line => line.StartsWith("left ", StringComparison.Ordinal)).Select(line => TreeHash.Parse(line["left ".Length..])).ToList();
        var right = lines.Skip(4 + left.Count).Select(line => line.StartsWith("right ", StringComparison.Ordinal) ? TreeHash.Parse(line["right ".Length..]) : null).ToList();
        if (left.Contains(null) || right.Contains(null))
            return null;
        why = "the numbers in its first lines do not fit each other";
        return first >= 1 && from >= first && to >= from ? new(first, from, to, [.. left.OfType<TreeHash>()], [.. right.OfType<TreeHash>()], note) : null;
    }

    /// <summary>The tree up to the first entry that is here, or null where the hashes are not as many as there must be.</summary>
    internal TreeRange? Before()
    {
        var places = TreeNodes.Cover(0, From - First).ToList();
        return places.Count == Left.Count ? Grown(new TreeRange(), places, Left) : null;
    }

    /// <summary>The tree of the checkpoint, when <paramref name="range"/> has come to the last entry that is here; null where hashes lack or are too many.</summary>
    internal TreeRange? After(TreeRange range, long size)
    {
        var places = TreeNodes.Cover(To - First + 1, size).ToList();
        return places.Count == Right.Count && range.Size == To - First + 1 && size >= range.Size ? Grown(range, places, Right) : null;
    }

    private static TreeRange Grown(TreeRange range, List<(int Level, long Index)> places, IReadOnlyList<TreeHash> roots)
    {
        for (var i = 0; i < places.Count; i++)
            range.AppendSubtree(places[i].Level, roots[i]);
        return range;
    }

    private static long? Number(string line, string word) =>
        line.StartsWith(word, StringComparison.Ordinal) && long.TryParse(line[word.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == line[word.Length..] ? number : null;
}
