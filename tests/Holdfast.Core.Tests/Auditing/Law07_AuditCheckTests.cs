using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

public sealed class Law07_AuditCheckTests
{
    private const int Length = 12;

    [Fact]
    public void A_chain_as_it_was_written_is_whole()
    {
        var entries = Chains.Entries(Length);
        var verdict = Chains.Check(Chains.Lines(entries), entries[^1].Head, entries[3].Head);
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.Equal((Length, entries[^1].Head), (verdict.Entries, verdict.Head));
        Assert.True(Chains.Check([]).Whole);
    }

    [Fact]
    public void Law07_any_edit_of_a_single_byte_is_found_at_its_entry()
    {
        var entries = Chains.Entries(Length);
        var lines = Chains.Lines(entries);
        var places = from line in Gen.Choose(0, Length - 1)
                     from at in Gen.Choose(0, lines[line].Length - 1)
                     from value in Gen.Choose(0, 255).Where(v => v != lines[line][at])
                     select (line, at, (byte)value);
        Prop.ForAll(places.ToArbitrary(), place =>
        {
            var (line, at, value) = place;
            var edited = lines.Select(l => l.ToArray()).ToList();
            edited[line][at] = value;
            var verdict = Chains.Check(edited, entries[^1].Head);
            Assert.False(verdict.Whole);
            Assert.Equal(AuditFault.Edited, verdict.Findings[0].Fault);
            Assert.Contains($"log:{line + 1}", verdict.Findings[0].What);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Law07_any_removed_line_is_found_and_named()
    {
        var entries = Chains.Entries(Length);
        for (var removed = 0; removed < Length; removed++)
        {
            var lines = Chains.Lines(entries);
            lines.RemoveAt(removed);
            var verdict = Chains.Check(lines, entries[^1].Head);
            var expected = removed == 0 ? AuditFault.Beheaded : removed == Length - 1 ? AuditFault.Truncated : AuditFault.Removed;
            var finding = Assert.Single(verdict.Findings);
            Assert.Equal(expected, finding.Fault);
            Assert.Equal(removed + 1, finding.Sequence);
        }
    }

    [Fact]
    public void Law07_any_two_lines_that_changed_places_are_found()
    {
        var entries = Chains.Entries(Length);
        for (var a = 0; a < Length; a++)
        {
            for (var b = a + 1; b < Length; b++)
            {
                var lines = Chains.Lines(entries);
                (lines[a], lines[b]) = (lines[b], lines[a]);
                var verdict = Chains.Check(lines, entries[^1].Head);
                Assert.False(verdict.Whole);
                if (a > 0)
                    Assert.Equal(AuditFault.Reordered, verdict.Findings[0].Fault);
            }
        }
    }

    [Fact]
    public void Law07_a_copied_line_is_found()
    {
        var entries = Chains.Entries(Length);
        for (var i = 0; i < Length; i++)
        {
            var lines = Chains.Lines(entries);
            lines.Insert(i + 1, lines[i]);
            var finding = Assert.Single(Chains.Check(lines, entries[^1].Head).Findings);
            Assert.Equal((AuditFault.Inserted, i + 1L), (finding.Fault, finding.Sequence));
        }
    }

    [Fact]
    public void Law07_an_invented_entry_with_a_right_hash_of_its_own_does_not_fit()
    {
        var entries = Chains.Entries(Length);
        var forged = AuditChain.Next(entries[3].Head, Chains.Record(99), "node-1", Chains.Start);
        var lines = Chains.Lines(entries);
        lines[4] = AuditLine.Format(forged);
        var finding = Chains.Check(lines, entries[^1].Head).Findings[0];
        Assert.Equal((AuditFault.Replaced, 6L), (finding.Fault, finding.Sequence));
    }

    [Fact]
    public void Law07_a_chain_rewritten_from_an_entry_on_is_found_by_any_head_that_was_kept()
    {
        var entries = Chains.Entries(Length);
        var forged = Chains.Entries(Length - 5, entries[4].Head).Select(AuditLine.Format).ToList();
        List<byte[]> lines = [.. Chains.Lines(entries.Take(5)), .. forged];
        lines[5] = AuditLine.Format(AuditChain.Next(entries[4].Head, Chains.Record(99), "node-1", Chains.Start));
        var head = AuditLine.Parse(lines[5], out _)!.Head;
        lines.RemoveRange(6, lines.Count - 6);
        lines.AddRange(Chains.Lines(Chains.Entries(Length - 6, head)));
        Assert.True(Chains.Check(lines).Whole, "it is a chain");
        Assert.Equal(AuditFault.Replaced, Chains.Check(lines, entries[7].Head).Findings[0].Fault);
    }

    [Fact]
    public void Law07_a_missing_end_is_found_by_the_kept_head()
    {
        var entries = Chains.Entries(Length);
        Assert.True(Chains.Check(Chains.Lines(entries.Take(4))).Whole, "without a head nobody can know");
        var finding = Assert.Single(Chains.Check(Chains.Lines(entries.Take(4)), entries[^1].Head).Findings);
        Assert.Equal((AuditFault.Truncated, 5L), (finding.Fault, finding.Sequence));
    }

    [Fact]
    public void Law07_a_missing_beginning_is_right_only_where_an_entry_says_that_it_was_retired()
    {
        var entries = Chains.Entries(Length);
        Assert.Equal(AuditFault.Beheaded, Assert.Single(Chains.Check(Chains.Lines(entries.Skip(4)), entries[^1].Head).Findings).Fault);

        var retirement = AuditRetirement.Of("000000000001-20260101.jsonl", entries[3].Head, 1, entries[3].At, "op");
        entries.Add(AuditChain.Next(entries[^1].Head, retirement, "node-1", Chains.Start));
        var whole = Chains.Check(Chains.Lines(entries.Skip(4)), entries[^1].Head);
        Assert.True(whole.Whole, string.Join("\n", whole.Findings));
        Assert.Equal(AuditFault.Beheaded, Chains.Check(Chains.Lines(entries.Skip(5)), entries[^1].Head).Findings[0].Fault);
    }
}
