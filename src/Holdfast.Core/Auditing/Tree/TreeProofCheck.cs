namespace Holdfast.Core.Auditing.Tree;

/// <summary>Checks proofs as RFC 9162, sections 2.1.3.2 and 2.1.4.2, says it. Nothing of the log is needed.</summary>
public static class TreeProofCheck
{
    /// <summary>Whether the entry stands at the index in the tree of that size and root.</summary>
    public static bool Includes(TreeHash entry, long index, long size, IReadOnlyList<TreeHash> proof, TreeHash root)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size)
            return false;
        var (own, last) = (index, size - 1);
        var hash = entry;
        foreach (var sibling in proof)
        {
            if (last == 0)
                return false;
            if ((own & 1) == 1 || own == last)
            {
                hash = TreeHash.Node(sibling, hash);
                Rise(ref own, ref last);
            }
            else
            {
                hash = TreeHash.Node(hash, sibling);
            }

            (own, last) = (own >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether the tree of the later size and root begins with the one of the earlier.</summary>
    public static bool Extends(long earlier, TreeHash earlierRoot, long later, TreeHash laterRoot, IReadOnlyList<TreeHash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (earlier < 0 || earlier > later)
            return false;
        if (earlier == later)
            return proof.Count == 0 && earlierRoot == laterRoot;
        if (earlier == 0)
            return proof.Count == 0 && earlierRoot == TreeHash.Empty;
        IReadOnlyList<TreeHash> path = long.IsPow2(earlier) ? [earlierRoot, .. proof] : proof;
        if (path.Count == 0)
            return false;
        var (own, last) = (earlier - 1, later - 1);
        while ((own & 1) == 1)
            (own, last) = (own >> 1, last >> 1);
        var (first, second) = (path[0], path[0]);
        foreach (var sibling in path.Skip(1))
        {
            if (last == 0)
                return false;
            if ((own & 1) == 1 || own == last)
            {
                (first, second) = (TreeHash.Node(sibling, first), TreeHash.Node(sibling, second));
                Rise(ref own, ref last);
            }
            else
            {
                second = TreeHash.Node(second, sibling);
            }

            (own, last) = (own >> 1, last >> 1);
        }

        return last == 0 && first == earlierRoot && second == laterRoot;
    }

    /// <summary>A last node without a sibling rises until it has one.</summary>
    private static void Rise(ref long own, ref long last)
    {
        while ((own & 1) == 0 && own != 0)
            (own, last) = (own >> 1, last >> 1);
    }
}
