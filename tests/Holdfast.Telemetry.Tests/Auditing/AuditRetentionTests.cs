using Holdfast.Core.Auditing;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Telemetry.Tests.Auditing;

public sealed class AuditRetentionTests : IDisposable
{
    private static readonly AuditOptions HalfYear = LogFolder.Options with { Retention = AuditRetirement.Shortest };

    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Law07_less_than_180_days_is_refused()
    {
        var refused = LogFolder.Open(folder.Path, folder.Clock, LogFolder.Options with { Retention = TimeSpan.FromDays(179) });
        Assert.Equal("audit.retention-too-short", Assert.Single(refused.Problems).Rule);
    }

    [Fact]
    public void Law07_whole_files_go_when_they_are_too_old_and_the_chain_still_holds()
    {
        using var log = folder.Open(HalfYear);
        for (var day = 0; day < 200; day += 20)
        {
            Assert.True(log.Append(LogFolder.Record($"day{day}")).IsOk);
            folder.Clock.Advance(TimeSpan.FromDays(20));
        }

        var gone = log.Retire().Value;
        Assert.Equal(["000000000001-20260101.jsonl"], gone);
        Assert.Equal("day20", AuditReader.Read(folder.Path, new AuditQuery()).First().Target);
        var verdict = folder.Verify();
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.Equal(["day20"], AuditReader.Read(folder.Path, new AuditQuery()).Take(1).Select(e => e.Target));
        Assert.Equal(["intended", "done"], AuditReader.Read(folder.Path, new AuditQuery { Tail = 2 }).Select(e => AuditOutcomes.Word(e.Outcome)));

        folder.Clock.Advance(TimeSpan.FromDays(400));
        Assert.True(log.Append(LogFolder.Record("late")).IsOk);
        Assert.NotEmpty(log.Retire().Value);
        Assert.Equal("late", AuditReader.Read(folder.Path, new AuditQuery { Operation = "op-1" }).First().Target);
        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void Law07_a_file_that_somebody_else_removed_is_missed()
    {
        using (var log = folder.Open(HalfYear))
        {
            for (var day = 0; day < 3; day++)
            {
                log.Append(LogFolder.Record($"day{day}"));
                folder.Clock.Advance(TimeSpan.FromDays(1));
            }
        }

        File.Delete(folder.Files[0]);
        Assert.Equal(AuditFault.Beheaded, folder.Verify().Findings[0].Fault);
        File.Delete(folder.Files[1]);
        Assert.Contains(folder.Verify().Findings, f => f.Fault == AuditFault.Removed);
    }

    [Fact]
    public void Law07_a_retirement_that_a_crash_interrupted_is_done_again()
    {
        using var log = folder.Open(HalfYear);
        log.Append(LogFolder.Record("old"));
        folder.Clock.Advance(TimeSpan.FromDays(300));
        log.Append(LogFolder.Record("new"));
        var old = File.ReadAllBytes(folder.Files[0]);
        var path = folder.Files[0];
        Assert.Single(log.Retire().Value);
        File.WriteAllBytes(path, old);
        Assert.True(folder.Verify().Whole);
        Assert.Single(log.Retire().Value);
        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void Law07_nothing_leaves_while_there_is_a_hold_and_the_record_says_who_held_it()
    {
        using (var log = folder.Open(HalfYear))
        {
            log.Append(LogFolder.Record("old"));
            Assert.True(log.Hold("case-7", "carol", "the regulator asks").IsOk);
            Assert.Equal("audit.hold-set", Assert.Single(log.Hold("case-7", "carol", "again").Problems).Rule);
            Assert.Equal("audit.hold-name", Assert.Single(log.Hold("case 7", "carol", "").Problems).Rule);
            Assert.Equal("audit.no-such-hold", Assert.Single(log.Release("case-8", "carol", "").Problems).Rule);
            Assert.True(log.Hold("case-9", "dave", "another").IsOk);
            folder.Clock.Advance(TimeSpan.FromDays(300));
            log.Append(LogFolder.Record("new"));
            Assert.Empty(log.Retire().Value);
        }

        // The entries are all there is of it: the next agent knows as much.
        using (var log = folder.Open(HalfYear))
        {
            Assert.Equal([("case-7", "carol", "the regulator asks"), ("case-9", "dave", "another")], log.Holds().Value.Select(hold => (hold.Name, hold.Actor, hold.Reason)));
            log.Append(new() { Actor = "mallory", Action = AuditAction.Released, Target = "case-7", Outcome = AuditOutcome.Refused, Operation = "op" });
            Assert.True(log.Release("case-9", "carol", "closed").IsOk);
            Assert.Empty(log.Retire().Value);
            Assert.True(log.Release("case-7", "carol", "closed").IsOk);
            Assert.Single(log.Retire().Value);
            Assert.Empty(log.Holds().Value);
        }

        Assert.True(folder.Verify().Whole);
    }
}
