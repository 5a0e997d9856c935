using Holdfast.Testing.Clocks;
using System.Text;

namespace Holdfast.Segments.Tests.Reading;

public sealed class ReadingTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly StandingClock time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_come_back_with_their_sequence_stream_and_time()
    {
        var at = new DateTimeOffset(2026, 11, 22, 10, 11, 12, 345, TimeSpan.Zero);
        using (var writer = Open())
        {
            writer.Write("one\ntwo\n", StreamKind.Stdout, at);
            writer.Write("three\n", StreamKind.Stderr, at.AddSeconds(1));
        }

        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, time);
        var lines = new List<(long, DateTimeOffset, StreamKind, string)>();
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split()) lines.Add((line.Sequence, line.At, line.Stream, Encoding.UTF8.GetString(line.Text.Span)));
        }

        Assert.Equal([(1, at, StreamKind.Stdout, "one"), (2, at, StreamKind.Stdout, "two"), (3, at.AddSeconds(1), StreamKind.Stderr, "three")], lines);
    }

    [Fact]
    public void A_reader_that_goes_on_notices_that_the_folder_was_made_anew_also_where_both_have_one_segment()
    {
        using (var writer = Open()) writer.Write("one\ntwo\n");
        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, time);
        Assert.Equal(["1 stdout one", "2 stdout two"], reader.ReadAll());
        Directory.Delete(folder.Path, recursive: true);
        Assert.Empty(reader.ReadAll());
        using (var writer = Open())
        {
            writer.Write("uno\n");
            Assert.Equal(["1 stdout uno"], reader.ReadAll());
            writer.Write("due\n");
        }

        Assert.Equal(["2 stdout due"], reader.ReadAll());
    }

    [Fact]
    public void A_reader_follows_a_growing_segment_and_across_rotation()
    {
        using var writer = Open(new() { RotateBytes = 200 });
        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, time);
        Assert.Empty(reader.ReadAll());
        var all = new List<string>();
        for (var i = 1; i <= 50; i++)
        {
            writer.Write($"line {i}\n");
            if (i % 7 == 0) all.AddRange(reader.ReadAll());
        }

        all.AddRange(reader.ReadAll());
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"{i} stdout line {i}"), all);
        Assert.True(folder.Segments.Length > 5);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(4), InlineData(5), InlineData(57), InlineData(100)]
    public void A_reader_goes_on_where_another_one_stood(int read)
    {
        WriteHundred(linesPerBlock: 1);
        SegmentPlace place;
        using (var first = SegmentReader.Open(folder.Path, SegmentStart.Sequence(1), time))
        {
            for (var i = 0; i < read; i++) Assert.True(first.TryRead(out _));
            place = first.Place;
        }

        Assert.Equal(Enumerable.Range(read + 1, 100 - read).Select(i => $"{i} stdout line {i}"), Output.Read(folder.Path, SegmentStart.Behind(place)));
    }

    [Fact]
    public void Where_the_numbering_has_begun_anew_a_place_means_its_beginning()
    {
        WriteHundred(linesPerBlock: 4);
        SegmentPlace place;
        using (var first = SegmentReader.Open(folder.Path, SegmentStart.Tail(10), time))
        {
            Assert.True(first.TryRead(out _));
            place = first.Place;
        }

        foreach (var file in Directory.GetFiles(folder.Path)) File.Delete(file);
        Assert.Empty(Output.Read(folder.Path, SegmentStart.Behind(place)));
        WriteHundred(linesPerBlock: 4);
        Assert.Equal(100, Output.Read(folder.Path, SegmentStart.Behind(place)).Count);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(57), InlineData(99), InlineData(100), InlineData(101)]
    public void A_reader_begins_with_the_sequence_that_was_asked_for(int first)
    {
        WriteHundred(linesPerBlock: 4);
        Assert.Equal(Enumerable.Range(first, 101 - first).Select(i => $"{i} stdout line {i}"), Output.Read(folder.Path, SegmentStart.Sequence(first)));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(3), InlineData(50), InlineData(100), InlineData(1000)]
    public void A_reader_begins_with_the_last_lines(int count)
    {
        WriteHundred(linesPerBlock: 4);
        var first = Math.Max(101 - count, 1);
        Assert.Equal(Enumerable.Range(first, 101 - first).Select(i => $"{i} stdout line {i}"), Output.Read(folder.Path, SegmentStart.Tail(count)));
    }

    [Fact]
    public void A_reader_finds_the_end_of_a_large_segment_without_its_start()
    {
        using (var writer = Open())
        {
            var block = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i:D63}\n"));
            for (var i = 0; i < 50; i++) writer.Write(block);
            writer.Write("the last\n");
        }

        Assert.Equal(["50000 stdout " + new string('0', 60) + "999", "50001 stdout the last"], Output.Read(folder.Path, SegmentStart.Tail(2)));
    }

    [Fact]
    public void A_reader_begins_with_a_time()
    {
        using (var writer = Open(new() { RotateBytes = 300 }))
        {
            for (var i = 1; i <= 30; i++)
            {
                writer.Write($"line {i}\n", at: time.GetUtcNow());
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        var from = time.GetUtcNow() - TimeSpan.FromSeconds(13);
        Assert.Equal(Enumerable.Range(18, 13).Select(i => $"{i} stdout line {i}"), Output.Read(folder.Path, SegmentStart.Time(from)));
    }

    [Fact]
    public void A_reader_at_the_end_gets_only_what_comes()
    {
        using var writer = Open();
        writer.Write("old\n");
        using var reader = SegmentReader.Open(folder.Path, SegmentStart.End, time);
        Assert.Empty(reader.ReadAll());
        writer.Write("new\n");
        Assert.Equal(["2 stdout new"], reader.ReadAll());
    }

    [Fact]
    public async Task A_waiting_reader_wakes_when_something_is_written()
    {
        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        var waiting = ReadOne(reader, limit.Token);
        using var writer = Open();
        writer.Write("at last\n");
        Assert.Equal(["1 stdout at last"], await waiting);
    }

    [Fact]
    public void A_folder_that_was_deleted_and_made_again_is_read_from_its_new_start()
    {
        using (var writer = Open(new() { RotateBytes = 100 }))
        {
            for (var i = 0; i < 10; i++) writer.Write($"old {i}\n");
        }

        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, time);
        Assert.Equal(10, reader.ReadAll().Count);
        Directory.Delete(folder.Path, recursive: true);
        using (var writer = Open()) writer.Write("new\n");
        Assert.Equal(["1 stdout new"], reader.ReadAll());
    }

    [Fact]
    public void What_retention_deleted_before_it_was_read_is_a_gap_with_its_size()
    {
        using var writer = Open(new() { RotateBytes = 200, KeepBytes = 500 });
        for (var i = 1; i <= 60; i++) writer.Write($"line {i}\n");
        var lines = Output.Read(folder.Path, SegmentStart.Sequence(5));
        Assert.Matches("^5 holdfast [0-9]+ lines lost: they are damaged, or were deleted by retention", lines[0]);
        var lost = int.Parse(lines[0].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Enumerable.Range(5 + lost, 60 - 4 - lost).Select(i => $"{i} stdout line {i}"), lines.Skip(1));
    }

    private static async Task<List<string>> ReadOne(SegmentReader reader, CancellationToken cancel)
    {
        while (true)
        {
            if (reader.ReadAll() is { Count: > 0 } lines) return lines;
            await reader.WaitAsync(cancel);
        }
    }

    private void WriteHundred(int linesPerBlock)
    {
        using var writer = Open(new() { RotateBytes = 500 });
        for (var i = 1; i <= 100; i += linesPerBlock)
            writer.Write(string.Concat(Enumerable.Range(i, linesPerBlock).Select(n => $"line {n}\n")));
    }

    private SegmentWriter Open(SegmentPolicy? policy = null) => SegmentWriter.Open(folder.Path, policy ?? new(), time).Value;
}
