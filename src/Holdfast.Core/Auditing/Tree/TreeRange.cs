namespace Holdfast.Core.Auditing.Tree;

/// <summary>
/// A tree that only grows, kept as the roots of its whole subtrees from left to right: at most one for each bit of the size, and enough to
/// go on from and to know the root.
/// </summary>
public sealed class TreeRange
{
    private readonly List<(int Level, TreeHash Hash)> peaks = [];

    /// <summary>Entries.</summary>
    public long Size { get; private set; }

    /// <summary>The tree of the first <paramref name="size"/> entries.</summary>
    /// <param name="size">Entries.</param>
    /// <param name="node">The hash of a whole subtree: level (0: an entry) and index in the level.</param>
    public static TreeRange Of(long size, Func<int, long, TreeHash> node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var range = new TreeRange();
        foreach (var (level, index) in TreeNodes.Cover(0, size))
            range.AppendSubtree(level, node(level, index));
        return range;
    }

    /// <summary>The subtrees that became whole with this entry, the entry's own first: what <see cref="TreeNodes"/> keeps, in its order.</summary>
    public IReadOnlyList<TreeHash> Append(TreeHash entry)
    {
        var whole = new List<TreeHash>();
        Append(entry, whole);
        return whole;
    }

    /// <summary>The same, added to a list.</summary>
    public void Append(TreeHash entry, List<TreeHash> whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        whole.Add(entry);
        Add(0, entry, whole);
    }

    /// <summary>Appends 2^level entries at once, of which only their root is known. The size so far must be a multiple of that.</summary>
    public void AppendSubtree(int level, TreeHash root)
    {
        if (Size % (1L << level) != 0)
            throw new ArgumentException($"No subtree of 2^{level} entries begins at {Size}.", nameof(level));
        Add(level, root, null);
    }

    /// <summary>MTH of RFC 6962 over everything that was appended.</summary>
    public TreeHash Root()
    {
        if (peaks.Count == 0)
            return TreeHash.Empty;
        var root = peaks[^1].Hash;
        for (var i = peaks.Count - 2; i >= 0; i--)
            root = TreeHash.Node(peaks[i].Hash, root);
        return root;
    }

    private void Add(int level, TreeHash hash, List<TreeHash>? whole)
    {
        Size += 1L << level;
        while (peaks.Count > 0 && peaks[^1].Level == level)
        {
            hash = TreeHash.Node(peaks[^1].Hash, hash);
            whole?.Add(hash);
            peaks.RemoveAt(peaks.Count - 1);
            level++;
        }

        peaks.Add((level, hash));
    }
}
