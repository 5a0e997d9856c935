using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Core.Tests.Auditing.Tree;

/// <summary>The tree against RFC 6962's own definition, and against the values that Certificate Transparency's implementations test with.</summary>
public sealed class Law07_TreeTests
{
    private const int Most = 70;

    private static readonly byte[][] Entries = [.. Enumerable.Range(0, Most).Select(NaiveTree.Entry)];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Known_roots(int size, string root) => Assert.Equal(Hash(root), Grow(NaiveTree.Known.Take(size)).Root());

    [Fact]
    public void Known_proofs()
    {
        var proof = Of(NaiveTree.Known);
        Assert.Equal(
            Hashes("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
            proof.Inclusion(0, 8));
        Assert.Equal(
            Hashes("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            proof.Inclusion(5, 8));
        Assert.Equal(Hashes("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"), proof.Inclusion(2, 3));
        Assert.Equal(
            Hashes("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            proof.Consistency(6, 8));
        Assert.Equal(Hashes("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"), proof.Consistency(2, 5));
    }

    [Fact]
    public void Law07_every_entry_of_every_size_has_the_proof_of_the_definition_and_it_holds_there_alone()
    {
        var proof = Of(Entries);
        for (var size = 1; size <= Most; size++)
        {
            byte[][] entries = [.. Entries.Take(size)];
            var root = NaiveTree.Root(entries);
            Assert.Equal(root, Grow(entries).Root());
            for (var index = 0; index < size; index++)
            {
                var path = proof.Inclusion(index, size);
                Assert.Equal(NaiveTree.Path(index, entries), path);
                var leaf = TreeHash.Leaf(entries[index]);
                Assert.True(TreeProofCheck.Includes(leaf, index, size, path, root));
                Assert.False(TreeProofCheck.Includes(TreeHash.Leaf([9]), index, size, path, root));
                Assert.False(TreeProofCheck.Includes(leaf, index, size, path, TreeHash.Empty));
                Assert.False(TreeProofCheck.Includes(leaf, index, size, [.. path, root], root));
                Assert.All(Enumerable.Range(0, path.Count), at =>
                {
                    Assert.False(TreeProofCheck.Includes(leaf, index, size, Otherwise(path, at), root));
                    Assert.False(TreeProofCheck.Includes(leaf, index, size, [.. path.Where((_, i) => i != at)], root));
                });
                Assert.All([-1, index + 1, size], other => Assert.False(TreeProofCheck.Includes(leaf, other, size, path, root)));
            }
        }
    }

    [Fact]
    public void Law07_every_size_extends_every_earlier_one_as_the_definition_says_and_no_other()
    {
        var proof = Of(Entries);
        var roots = Enumerable.Range(0, Most + 1).Select(size => NaiveTree.Root([.. Entries.Take(size)])).ToList();
        for (var later = 0; later <= Most; later++)
        {
            for (var earlier = 0; earlier <= later; earlier++)
            {
                var path = proof.Consistency(earlier, later);
                if (earlier > 0)
                    Assert.Equal(NaiveTree.Proof(earlier, [.. Entries.Take(later)]), path);
                Assert.True(TreeProofCheck.Extends(earlier, roots[earlier], later, roots[later], path));
                Assert.False(TreeProofCheck.Extends(earlier, TreeHash.Leaf([9]), later, roots[later], path));
                Assert.False(TreeProofCheck.Extends(later + 1, roots[later], later, roots[later], path));
                if (earlier > 0)
                    Assert.False(TreeProofCheck.Extends(earlier, roots[earlier], later, TreeHash.Leaf([9]), path));
                Assert.False(TreeProofCheck.Extends(earlier, roots[earlier], later, roots[later], [.. path, roots[later]]));
                Assert.All(Enumerable.Range(0, path.Count), at =>
                {
                    Assert.False(TreeProofCheck.Extends(earlier, roots[earlier], later, roots[later], Otherwise(path, at)));
                    Assert.False(TreeProofCheck.Extends(earlier, roots[earlier], later, roots[later], [.. path.Where((_, i) => i != at)]));
                });
            }
        }
    }

    [Fact]
    public void The_list_of_hashes_only_grows_and_every_subtree_has_its_place_in_it()
    {
        var range = new TreeRange();
        var list = new List<TreeHash>();
        for (var entry = 0; entry < Most; entry++)
        {
            Assert.Equal(TreeNodes.Count(entry), list.Count);
            list.AddRange(range.Append(TreeHash.Leaf(Entries[entry])));
            for (var torn = (int)TreeNodes.Count(entry); torn < list.Count; torn++)
                Assert.Equal(entry, TreeNodes.Entries(torn));
            Assert.Equal(entry + 1, TreeNodes.Entries(list.Count));
        }

        for (var level = 0; 1 << level <= Most; level++)
        {
            for (var index = 0; (index + 1) << level <= Most; index++)
                Assert.Equal(NaiveTree.Node(Entries, level, index), list[(int)TreeNodes.Position(level, index)]);
        }

        Assert.Equal((1L << 41) - 1, TreeNodes.Count(1L << 40));
        Assert.Equal(1L << 40, TreeNodes.Entries((1L << 41) - 1));
    }

    [Fact]
    public void A_tree_goes_on_from_its_subtrees_and_from_any_middle()
    {
        for (var from = 0; from <= Most; from++)
        {
            for (var to = from; to <= Most; to += 3)
            {
                var range = TreeRange.Of(from, (level, index) => NaiveTree.Node(Entries, level, index));
                foreach (var (level, index) in TreeNodes.Cover(from, to))
                    range.AppendSubtree(level, NaiveTree.Node(Entries, level, index));
                Assert.Equal((to, NaiveTree.Root([.. Entries.Take(to)])), (range.Size, range.Root()));
            }
        }

        Assert.Throws<ArgumentException>(() => TreeRange.Of(3, (_, _) => TreeHash.Empty).AppendSubtree(1, TreeHash.Empty));
    }

    [Theory]
    [InlineData("")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=")]
    [InlineData(" 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("47DEQpj8HBSa-/TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==")]
    public void A_hash_is_written_in_one_way(string text)
    {
        Assert.Null(TreeHash.Parse(text));
        Assert.Equal(TreeHash.Empty, TreeHash.Parse("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="));
    }

    private static TreeRange Grow(IEnumerable<byte[]> entries)
    {
        var range = new TreeRange();
        foreach (var entry in entries)
            range.Append(TreeHash.Leaf(entry));
        return range;
    }

    private static TreeProof Of(IReadOnlyList<byte[]> entries)
    {
        var list = new List<TreeHash>();
        var range = new TreeRange();
        foreach (var entry in entries)
            list.AddRange(range.Append(TreeHash.Leaf(entry)));
        return new TreeProof((level, index) => list[(int)TreeNodes.Position(level, index)]);
    }

    private static IReadOnlyList<TreeHash> Otherwise(IReadOnlyList<TreeHash> path, int at) => [.. path.Select((hash, i) => i == at ? hash with { Low = hash.Low ^ 1 } : hash)];

    private static TreeHash Hash(string hex) => TreeHash.From(Convert.FromHexString(hex));

    private static IReadOnlyList<TreeHash> Hashes(params string[] hex) => [.. hex.Select(Hash)];
}
