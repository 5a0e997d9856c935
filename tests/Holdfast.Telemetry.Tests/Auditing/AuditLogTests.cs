using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Storage;

namespace Holdfast.Telemetry.Tests.Auditing;

public sealed class AuditLogTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Law07_an_appended_entry_can_be_read_by_others_at_once()
    {
        using var log = folder.Open();
        var entry = log.Append(LogFolder.Record("payments")).Value;
        var read = AuditReader.Read(folder.Path, new AuditQuery()).ToList();
        Assert.Equal([AuditAction.Opened, "restart"], read.Select(e => e.Action));
        Assert.Equal(entry.Hash, read[^1].Hash);
        Assert.Equal(entry.Head, log.Head);
        Assert.Equal((2L, "node-1", folder.Clock.GetUtcNow()), (entry.Sequence, entry.Node, entry.At));
        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void Law07_a_log_goes_on_where_it_ended()
    {
        var first = folder.Write(3);
        var second = folder.Write(3);
        var verdict = folder.Verify(first, second);
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.Equal(10, verdict.Entries);
        Assert.Equal(second, verdict.Head);
        Assert.Equal(2, AuditReader.Read(folder.Path, new AuditQuery()).Count(e => e.Action == AuditAction.Closed));
    }

    [Fact]
    public void Law07_what_a_crash_tore_is_cut_off_and_recorded()
    {
        folder.Write(3);
        File.AppendAllText(folder.Files[^1], "{\"v\":1,\"seq\":6,\"at\":\"20");
        Assert.True(folder.Verify().Whole, "an unfinished end is not yet an entry");
        folder.Write(1);
        var verdict = folder.Verify();
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        var recovered = Assert.Single(AuditReader.Read(folder.Path, new AuditQuery()), e => e.Action == AuditAction.Recovered);
        Assert.Equal("23", recovered.Details["bytes"]);
    }

    [Fact]
    public void Law07_a_log_whose_end_is_missing_is_refused()
    {
        folder.Write(3);
        var lines = File.ReadAllLines(folder.Files[^1]);
        File.WriteAllText(folder.Files[^1], string.Join('\n', lines[..^1]) + "\n");
        Assert.Equal("audit.damaged", folder.OpenRefused().Rule);
        Assert.Equal(AuditFault.Truncated, folder.Verify().Findings[0].Fault);
        File.Delete(folder.Files[^1]);
        Assert.Equal("audit.damaged", folder.OpenRefused().Rule);
    }

    [Fact]
    public void Law07_a_log_without_its_head_is_refused()
    {
        folder.Write(3);
        File.Delete(Path.Combine(folder.Path, "head"));
        Assert.Equal("audit.damaged", folder.OpenRefused().Rule);
        Assert.Equal(AuditFault.HeadLost, folder.Verify().Findings[0].Fault);
    }

    [Fact]
    public void An_older_head_after_a_power_cut_is_a_true_one()
    {
        folder.Write(2);
        var head = File.ReadAllBytes(Path.Combine(folder.Path, "head"));
        folder.Write(2);
        File.WriteAllBytes(Path.Combine(folder.Path, "head"), head);
        folder.Write(1);
        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void A_head_with_one_torn_slot_is_still_known()
    {
        folder.Write(2);
        var path = Path.Combine(folder.Path, "head");
        var head = File.ReadAllBytes(path);
        Array.Clear(head, 0, 40);
        File.WriteAllBytes(path, head);
        folder.Write(1);
        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void Every_day_and_every_full_file_begins_a_new_one()
    {
        using (var log = folder.Open(LogFolder.Options with { FileBytes = 2000 }))
        {
            log.Append(LogFolder.Record("a"));
            folder.Clock.Advance(TimeSpan.FromDays(1));
            for (var i = 0; i < 20; i++)
                log.Append(LogFolder.Record("b"));
        }

        Assert.Equal("000000000001-20260101.jsonl", Path.GetFileName(folder.Files[0]));
        Assert.Equal("000000000003-20260102.jsonl", Path.GetFileName(folder.Files[1]));
        Assert.InRange(folder.Files.Count, 4, 10);
        Assert.True(folder.Verify().Whole);
        folder.Write(1);
        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void A_clock_that_goes_back_breaks_nothing()
    {
        using (var log = folder.Open())
        {
            log.Append(LogFolder.Record("a"));
            folder.Clock.StepWall(TimeSpan.FromDays(-3));
            log.Append(LogFolder.Record("b"));
            folder.Clock.StepWall(TimeSpan.FromDays(5));
            log.Append(LogFolder.Record("c"));
        }

        folder.Write(1);
        Assert.True(folder.Verify().Whole);
        Assert.Equal(["a", "b", "c"], AuditReader.Read(folder.Path, new AuditQuery { Operation = "op-1" }).Select(e => e.Target).Take(3));
    }

    [Fact]
    public void Law07_each_entry_says_how_right_its_clock_was()
    {
        var quality = "unsynchronised";
        using (var log = folder.Open(LogFolder.Options with { Clock = () => quality }))
        {
            quality = "synchronised within 3ms";
            log.Append(LogFolder.Record("a"));
        }

        var entries = AuditReader.Read(folder.Path, new AuditQuery()).ToList();
        Assert.Equal(["unsynchronised", "synchronised within 3ms", "synchronised within 3ms"], entries.Select(entry => entry.Details["clock"]));
        Assert.Equal("2", entries[1].Details["release"]);
        Assert.True(folder.Verify().Whole);
    }

    [Fact]
    public void Law10_details_and_targets_are_redacted_before_they_are_written()
    {
        using (var log = folder.Open())
            log.Append(LogFolder.Record("card 4111111111111111") with { Details = new Dictionary<string, string> { ["reason"] = "pan 4111111111111111", ["password"] = "hunter2" } });
        var text = string.Concat(folder.Files.Select(File.ReadAllText));
        Assert.DoesNotContain("4111111111111111", text);
        Assert.DoesNotContain("hunter2", text);
        Assert.Contains("pan [pan]", text);
    }

    [Fact]
    public void Queries_take_the_last_ones_that_match()
    {
        folder.Write(30, LogFolder.Options with { FileBytes = 1500 });
        Assert.True(folder.Files.Count > 3);
        Assert.Equal(["s27", "s28", "s29"], AuditReader.Read(folder.Path, new AuditQuery { Tail = 3, Operation = "op-1" }).Select(e => e.Target));
        Assert.Equal(["s7"], AuditReader.Read(folder.Path, new AuditQuery { Service = "s7" }).Select(e => e.Target));
        Assert.Equal(12, AuditReader.Read(folder.Path, new AuditQuery { Tail = 12 }).Count());
        Assert.Empty(AuditReader.Read(folder.Path, new AuditQuery { Tail = 0 }));
        Assert.Equal(2, AuditReader.Read(folder.Path, new AuditQuery { AfterSequence = 30 }).Count());
    }

    [Fact]
    public async Task Law07_a_log_can_be_verified_while_it_is_written()
    {
        using var log = folder.Open(LogFolder.Options with { FileBytes = 20_000 });
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 300; i++)
                Assert.True(log.Append(LogFolder.Record($"s{i}")).IsOk);
        });
        do
        {
            var verdict = folder.Verify();
            Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [SmallVolumeFact]
    public void Law07_where_the_disk_is_full_nothing_is_recorded_and_it_goes_on_when_there_is_space()
    {
        using var volume = SmallVolume.Mount(256);
        var path = Path.Combine(volume.Path, "audit");
        using (var log = LogFolder.Open(path, folder.Clock).Value)
        {
            Assert.True(log.Append(LogFolder.Record("before")).IsOk);
            volume.Fill();
            var big = LogFolder.Record("full") with { Details = new Dictionary<string, string> { ["reason"] = new('x', 2000) } };
            var refused = Enumerable.Range(0, 20).Select(_ => log.Append(big)).SkipWhile(o => o.IsOk).ToList();
            Assert.NotEmpty(refused);
            Assert.All(refused, o => Assert.Equal("audit.not-written", Assert.Single(o.Problems).Rule));
            Assert.True(AuditVerifier.Verify(path, [log.Head], CancellationToken.None).Value.Whole, "nothing half-written counts");
            volume.Free();
            Assert.True(log.Append(LogFolder.Record("after")).IsOk);
        }

        volume.Fill();
        using (var log = LogFolder.Open(path, folder.Clock).Value)
        {
            volume.Free();
            Assert.True(log.Append(LogFolder.Record("again")).IsOk);
        }

        var verdict = AuditVerifier.Verify(path, [], CancellationToken.None).Value;
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.Equal("again", AuditReader.Read(path, new AuditQuery { Operation = "op-1" }).Last().Target);
    }
}
