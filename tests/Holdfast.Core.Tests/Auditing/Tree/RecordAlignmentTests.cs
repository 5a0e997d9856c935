using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;

namespace Holdfast.Core.Tests.Auditing.Tree;

public sealed class RecordAlignmentTests
{
    private const int From = 31;
    private const int Length = 9;

    private static readonly IReadOnlyList<TreeHash> Hashes = [.. Enumerable.Range(0, Length).Select(i => TreeHash.Leaf([(byte)i]))];

    [Fact]
    public void What_is_there_as_it_was_has_no_findings() => Assert.Empty(Compare(Seen()));

    [Fact]
    public void Law07_two_that_changed_places_are_the_two_that_are_named()
    {
        for (var a = 0; a < Length; a++)
        {
            for (var b = a + 1; b < Length; b++)
            {
                var seen = Seen();
                (seen[a], seen[b]) = (seen[b], seen[a]);
                var findings = Compare(seen);
                Assert.All(findings, finding => Assert.Equal(AuditFault.Reordered, finding.Fault));
                // Of two neighbours one was moved, and nobody knows which; where one stands between them, it may be that one and either of the two.
                Assert.InRange(findings.Count, 1, 2);
                if (b - a > 2)
                    Assert.Equal([From + a, From + b], findings.Select(finding => (int)finding.Sequence));
            }
        }
    }

    [Fact]
    public void Law07_removed_changed_copied_and_invented_ones_are_named()
    {
        for (var at = 0; at < Length; at++)
        {
            var seen = Seen();
            seen.RemoveAt(at);
            Assert.Equal((AuditFault.Removed, From + at), Only(seen));

            seen = Seen();
            seen[at] = seen[at] with { Hash = TreeHash.Leaf([99]) };
            Assert.Equal((AuditFault.Edited, From + at), Only(seen));

            seen = Seen();
            seen[at] = new(TreeHash.Leaf([99]), 0, default);
            Assert.Equal((AuditFault.Edited, From + at), Only(seen));

            seen = Seen();
            seen.Insert(Length - at, seen[at]);
            Assert.Equal((AuditFault.Inserted, From + at), Only(seen));

            seen = Seen();
            seen.Insert(at, new(TreeHash.Leaf([99]), From + at, default));
            Assert.Equal((AuditFault.Inserted, From + at), Only(seen));
        }
    }

    [Fact]
    public void Law07_one_removed_and_all_after_it_renumbered_is_one_removed()
    {
        var seen = Seen();
        seen.RemoveRange(2, 2);
        Assert.Equal("Entries 33 to 34 are missing.", Assert.Single(Compare(seen)).What);
    }

    private static List<SeenRecord> Seen() => [.. Hashes.Select((hash, i) => new SeenRecord(hash, From + i, default))];

    private static IReadOnlyList<AuditFinding> Compare(List<SeenRecord> seen) => RecordAlignment.Compare(From, Hashes, seen);

    private static (AuditFault, int) Only(List<SeenRecord> seen)
    {
        var finding = Assert.Single(Compare(seen));
        return (finding.Fault, (int)finding.Sequence);
    }
}
