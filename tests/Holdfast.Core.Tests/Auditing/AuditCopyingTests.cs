using Holdfast.Core.Auditing;

namespace Holdfast.Core.Tests.Auditing;

/// <summary>Which entries are copied, whatever the log was before.</summary>
public sealed class AuditCopyingTests
{
    private static readonly List<AuditEntry> entries = Chains.Entries(5);

    [Fact]
    public void Each_entry_is_copied_once_and_in_order()
    {
        var copied = AuditHead.Origin;
        foreach (var next in entries)
        {
            Assert.Equal(CopyStep.Copy, AuditCopying.Step(copied, next));
            copied = next.Head;
            Assert.Equal(CopyStep.Known, AuditCopying.Step(copied, next));
        }
    }

    [Fact]
    public void A_log_that_nobody_has_copied_from_begins_where_it_begins() =>
        Assert.Equal(CopyStep.Copy, AuditCopying.Step(AuditHead.Origin, entries[3]));

    [Fact]
    public void Law06_entries_between_that_are_not_there_are_missing_and_the_next_one_is_copied_then()
    {
        Assert.Equal(CopyStep.Missing, AuditCopying.Step(entries[0].Head, entries[3]));
        Assert.Equal(entries[2].Head, AuditCopying.Before(entries[3]));
        Assert.Equal(CopyStep.Copy, AuditCopying.Step(AuditCopying.Before(entries[3]), entries[3]));
    }

    [Fact]
    public void Law07_an_entry_that_does_not_follow_is_of_another_log()
    {
        var other = Chains.Entries(5, new(2, new('a', 64)));
        Assert.Equal(CopyStep.Exchanged, AuditCopying.Step(entries[2].Head, other[1]));
        Assert.Equal(CopyStep.Copy, AuditCopying.Step(AuditCopying.Before(other[1]), other[1]));
        Assert.True(AuditCopying.IsExchanged(entries[3].Head, entries[2].Head));
        Assert.True(AuditCopying.IsExchanged(entries[2].Head, other[0].Head));
        Assert.False(AuditCopying.IsExchanged(entries[2].Head, entries[2].Head));
        Assert.False(AuditCopying.IsExchanged(entries[2].Head, entries[4].Head));
    }
}
