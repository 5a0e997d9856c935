using System.Numerics;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>
/// Where the hashes of a tree stand in one growing list: each subtree's root follows directly when its last entry has come, so an entry
/// appends its own hash and those of the subtrees that it makes whole, and nothing that stands is ever changed.
/// </summary>
public static class TreeNodes
{
    /// <summary>How many hashes the list has after so many entries.</summary>
    public static long Count(long entries) => (2 * entries) - BitOperations.PopCount((ulong)entries);

    /// <summary>Where the root of a whole subtree stands.</summary>
    /// <param name="level">0: an entry; its subtree has 2^level entries.</param>
    /// <param name="index">In its level, from 0.</param>
    public static long Position(int level, long index) => Count(((index + 1) << level) - 1) + level;

    /// <summary>How many entries a list of so many hashes is whole for; what is more belongs to an entry that was not wholly written.</summary>
    public static long Entries(long hashes)
    {
        // Count(n) is between 2n - 63 and 2n, so the answer is among few.
        var entries = hashes / 2;
        while (Count(entries + 1) <= hashes)
            entries++;
        return entries;
    }

    /// <summary>The fewest whole subtrees that make up the entries from <paramref name="from"/> up to, not with, <paramref name="to"/>, from left to right.</summary>
    public static IEnumerable<(int Level, long Index)> Cover(long from, long to)
    {
        while (from < to)
        {
            var level = BitOperations.Log2((ulong)(to - from));
            if (from > 0)
                level = Math.Min(level, BitOperations.TrailingZeroCount((ulong)from));
            yield return (level, from >> level);
            from += 1L << level;
        }
    }
}
