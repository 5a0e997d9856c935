using System.Numerics;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>Makes the proofs of RFC 6962, sections 2.1.1 and 2.1.2, from the whole subtrees of a tree (<see cref="TreeNodes"/>).</summary>
/// <param name="node">The hash of a whole subtree: level and index in it.</param>
public sealed class TreeProof(Func<int, long, TreeHash> node)
{
    /// <summary>That an entry is in the tree of a size: the siblings on the way to the root, from the entry up.</summary>
    /// <param name="index">From 0, below <paramref name="size"/>.</param>
    /// <param name="size">Entries.</param>
    public IReadOnlyList<TreeHash> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<TreeHash>();
        long from = 0, to = size;
        while (to - from > 1)
        {
            var middle = from + Split(to - from);
            if (index < middle)
            {
                path.Add(Root(middle, to));
                to = middle;
            }
            else
            {
                path.Add(Root(from, middle));
                from = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>That the tree of a size begins with that of an earlier size.</summary>
    /// <param name="earlier">Entries, not more than <paramref name="size"/>; of none and of all the proof is empty.</param>
    /// <param name="size">Entries.</param>
    public IReadOnlyList<TreeHash> Consistency(long earlier, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(earlier);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, size);
        var path = new List<TreeHash>();
        if (earlier == 0 || earlier == size)
            return path;
        long from = 0, to = size;
        // A subtree that is all of the earlier tree needs no hash: the verifier has its root.
        var isEarlier = true;
        while (to != earlier)
        {
            var middle = from + Split(to - from);
            if (earlier <= middle)
            {
                path.Add(Root(middle, to));
                to = middle;
            }
            else
            {
                path.Add(Root(from, middle));
                from = middle;
                isEarlier = false;
            }
        }

        if (!isEarlier)
            path.Add(Root(from, to));
        path.Reverse();
        return path;
    }

    /// <summary>The root over the entries from <paramref name="from"/> up to, not with, <paramref name="to"/>; at a place where such a tree stands.</summary>
    public TreeHash Root(long from, long to)
    {
        var (level, index) = (BitOperations.Log2((ulong)(to - from)), from);
        if (1L << level == to - from)
            return node(level, index >> level);
        var middle = from + Split(to - from);
        return TreeHash.Node(Root(from, middle), Root(middle, to));
    }

    /// <summary>The largest power of two below the count.</summary>
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
