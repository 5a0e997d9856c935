using System.Security.Cryptography;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Core.Tests.Auditing.Tree;

/// <summary>RFC 6962, section 2.1, word for word: slow, and nothing to get wrong. It shares no code with the product but the form of a hash.</summary>
internal static class NaiveTree
{
    /// <summary>The leaves of the tests of Certificate Transparency.</summary>
    public static IReadOnlyList<byte[]> Known { get; } =
        [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString)];

    public static byte[] Entry(int number) => [(byte)number, (byte)(number >> 8), 7];

    public static TreeHash Root(IReadOnlyList<byte[]> entries)
    {
        if (entries.Count == 0)
            return TreeHash.From(SHA256.HashData([]));
        if (entries.Count == 1)
            return TreeHash.From(SHA256.HashData([0, .. entries[0]]));
        var k = Split(entries.Count);
        return Join(Root([.. entries.Take(k)]), Root([.. entries.Skip(k)]));
    }

    public static IReadOnlyList<TreeHash> Path(int index, IReadOnlyList<byte[]> entries)
    {
        if (entries.Count == 1)
            return [];
        var k = Split(entries.Count);
        byte[][] left = [.. entries.Take(k)], right = [.. entries.Skip(k)];
        return index < k ? [.. Path(index, left), Root(right)] : [.. Path(index - k, right), Root(left)];
    }

    public static IReadOnlyList<TreeHash> Proof(int earlier, IReadOnlyList<byte[]> entries) => SubProof(earlier, entries, true);

    /// <summary>The root of a whole subtree.</summary>
    public static TreeHash Node(IReadOnlyList<byte[]> entries, int level, long index) =>
        Root([.. entries.Skip((int)(index << level)).Take(1 << level)]);

    private static IReadOnlyList<TreeHash> SubProof(int m, IReadOnlyList<byte[]> entries, bool whole)
    {
        if (m == entries.Count)
            return whole ? [] : [Root(entries)];
        var k = Split(entries.Count);
        byte[][] left = [.. entries.Take(k)], right = [.. entries.Skip(k)];
        return m <= k ? [.. SubProof(m, left, whole), Root(right)] : [.. SubProof(m - k, right, false), Root(left)];
    }

    private static TreeHash Join(TreeHash left, TreeHash right)
    {
        var input = new byte[65];
        input[0] = 1;
        left.CopyTo(input.AsSpan(1));
        right.CopyTo(input.AsSpan(33));
        return TreeHash.From(SHA256.HashData(input));
    }

    private static int Split(int count)
    {
        var k = 1;
        while (k * 2 < count)
            k *= 2;
        return k;
    }
}
