using Holdfast.Testing.Clocks;
using System.Text;
using Holdfast.Segments.Tests.Faults;

namespace Holdfast.Segments.Tests.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly StandingClock time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Records_come_back_with_their_numbers_over_restarts()
    {
        for (var run = 0; run < 3; run++)
        {
            using var journal = JournalWriter.Open(folder.Path, new(), time).Value;
            Assert.Equal((run * 2) + 1, journal.NextSequence);
            Assert.Equal((run * 2) + 1, journal.Append("{\"a\":1}"u8));
            Assert.Equal((run * 2) + 2, journal.Append("{\"a\":2}"u8));
        }

        Assert.Equal(["4 {\"a\":2}", "5 {\"a\":1}", "6 {\"a\":2}"], Read(JournalReader.Open(folder.Path, 4, time)));
        Assert.Equal(["6 {\"a\":2}"], Read(JournalReader.OpenTail(folder.Path, 1, time)));
        Assert.Equal(6, Read(JournalReader.Open(folder.Path, 0, time)).Count);
    }

    [Fact]
    public void A_record_is_on_the_disk_when_append_returns()
    {
        var faulty = new FaultyFolder();
        using var journal = JournalWriter.Open(faulty, new(), time).Value;
        journal.Append("{}"u8);
        var synced = faulty.Syncs;
        Assert.NotEqual(0, synced);
        journal.Append("{}"u8, sync: false);
        Assert.Equal(synced, faulty.Syncs);
        Assert.Null(journal.Sync());
        Assert.NotEqual(synced, faulty.Syncs);
    }

    [Fact]
    public void A_full_disk_makes_records_wait_and_loses_none()
    {
        var faulty = new FaultyFolder { OnWrite = _ => 3 };
        using var journal = JournalWriter.Open(faulty, new(), time).Value;
        Assert.Equal([1, 2, 3], new[] { journal.Append("1"u8), journal.Append("2"u8), journal.Append("3"u8) });
        Assert.Equal(3, journal.Waiting);
        Assert.NotNull(journal.Trouble);
        faulty.OnWrite = _ => null;
        Assert.Null(journal.Sync());
        Assert.Equal((4, 0), (journal.Append("4"u8), journal.Waiting));
        using var reader = SegmentReader.Open(faulty, SegmentStart.Beginning, time);
        Assert.Equal(["1 journal 1", "2 journal 2", "3 journal 3", "4 journal 4"], reader.ReadAll());
    }

    [Fact]
    public void Records_beyond_what_memory_may_hold_are_counted_as_lost_with_their_numbers()
    {
        var faulty = new FaultyFolder { OnWrite = _ => 0 };
        using var journal = JournalWriter.Open(faulty, new(), time).Value;
        var record = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        for (var i = 1; i <= 6; i++) Assert.Equal(i, journal.Append(record));
        faulty.OnWrite = _ => null;
        Assert.Equal(7, journal.Append("last"u8));
        using var reader = SegmentReader.Open(faulty, SegmentStart.Beginning, time);
        var lines = reader.ReadAll();
        Assert.StartsWith("4 holdfast 3 lines (3145731 bytes) of journal lost", lines[3], StringComparison.Ordinal);
        Assert.Equal("7 journal last", lines[4]);
    }

    [Fact]
    public async Task A_waiting_reader_gets_what_is_appended()
    {
        using var reader = JournalReader.Open(folder.Path, 1, TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        var next = NextAsync(reader, limit.Token);
        using var journal = JournalWriter.Open(folder.Path, new(), time).Value;
        journal.Append("{}"u8);
        Assert.Equal(1, (await next).Sequence);
    }

    private static async Task<JournalRecord> NextAsync(JournalReader reader, CancellationToken cancel)
    {
        while (true)
        {
            if (reader.TryRead() is { } record) return record;
            await reader.WaitAsync(cancel);
        }
    }

    private static List<string> Read(JournalReader reader)
    {
        using (reader)
        {
            var records = new List<string>();
            while (reader.TryRead() is { } record) records.Add($"{record.Sequence} {Encoding.UTF8.GetString(record.Json.Span)}");
            return records;
        }
    }
}
