using Holdfast.Testing.Clocks;
namespace Holdfast.Segments.Tests.Writing;

public sealed class RotationTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly StandingClock time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Winsw894_segments_roll_by_size_and_by_time_together()
    {
        using var writer = Open(new() { RotateBytes = 1000, RotateAge = TimeSpan.FromHours(1) });
        writer.Write("one\n");
        Assert.Single(folder.Segments);
        time.Advance(TimeSpan.FromHours(2));
        writer.Write("two\n");
        Assert.Equal(2, folder.Segments.Length);
        for (var i = 0; i < 100; i++) writer.Write("a line of some length\n");
        Assert.True(folder.Segments.Length > 6);
        Assert.All(folder.Segments, segment => Assert.True(new FileInfo(segment).Length <= 1000));
        Assert.Equal(102, Output.Read(folder.Path).Count);
    }

    [Fact]
    public void Winsw566_a_segment_is_filled_before_the_next_one_begins()
    {
        using var writer = Open(new() { RotateBytes = 10_000 });
        for (var i = 0; i < 1000; i++) writer.Write("a line of some length\n");
        Assert.True(folder.Segments.Length > 2);
        Assert.All(folder.Segments.Order(StringComparer.Ordinal).SkipLast(1), segment => Assert.InRange(new FileInfo(segment).Length, 9_900, 10_000));
    }

    [Fact]
    public void An_idle_segment_is_closed_at_its_age_and_retired_at_its_age()
    {
        using var writer = Open(new() { RotateAge = TimeSpan.FromHours(1), KeepAge = TimeSpan.FromHours(10) });
        writer.Write("one\n");
        time.Advance(TimeSpan.FromHours(2));
        writer.Maintain();
        Assert.Equal(["1 stdout one"], Output.Read(folder.Path));
        time.Advance(TimeSpan.FromHours(9));
        writer.Maintain();
        Assert.Equal(FileHeader.Size, new FileInfo(Assert.Single(folder.Segments)).Length);
        writer.Write("two\n");
        Assert.Equal(["2 stdout two"], Output.Read(folder.Path));
    }

    [Fact]
    public void Rticommunity_nssm3_rotation_never_splits_a_line()
    {
        using (var writer = Open(new() { RotateBytes = 333 }))
        {
            for (var i = 1; i <= 300; i++) writer.Write($"{i} {new string('x', i % 97)}\n");
        }

        var lines = Output.Read(folder.Path);
        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"{i} stdout {i} {new string('x', i % 97)}"), lines);
    }

    [Fact]
    public void Nssm13_old_segments_are_deleted_by_size_and_the_open_one_never()
    {
        using var writer = Open(new() { RotateBytes = 500, KeepBytes = 2000 });
        for (var i = 0; i < 500; i++)
        {
            writer.Write("a line of some length\n");
            Assert.InRange(folder.Segments.Sum(segment => new FileInfo(segment).Length), 1, 2000);
        }

        Assert.Equal("500 stdout a line of some length", Output.Read(folder.Path)[^1]);
        writer.Policy = writer.Policy with { KeepBytes = 1 };
        writer.Maintain();
        Assert.Single(folder.Segments);
    }

    [Fact]
    public void Old_segments_are_deleted_when_the_writer_opens()
    {
        using (var writer = Open(new() { RotateBytes = 100 }))
        {
            for (var i = 0; i < 10; i++) writer.Write("a line of some length\n");
        }

        Assert.Equal(10, folder.Segments.Length);
        time.Advance(TimeSpan.FromDays(15));
        using (Open(new())) Assert.Single(folder.Segments);
    }

    [Fact]
    public void The_numbering_goes_on_though_every_line_was_retired()
    {
        using (var writer = Open(new()))
        {
            for (var i = 0; i < 10; i++) writer.Write("line\n");
            time.Advance(TimeSpan.FromDays(30));
            writer.Maintain();
            time.Advance(TimeSpan.FromDays(30));
            writer.Maintain();
        }

        Assert.Empty(Output.Read(folder.Path));
        using (Open(new()))
        {
        }

        using (var writer = Open(new())) writer.Write("next\n");
        Assert.Equal(["11 stdout next"], Output.Read(folder.Path));
    }

    [Fact]
    public void A_segment_that_cannot_be_deleted_is_told_and_stops_nothing()
    {
        var faulty = new Faults.FaultyFolder { FailsDelete = true };
        using var writer = SegmentWriter.Open(faulty, new() { RotateBytes = 100, KeepBytes = 200 }, time).Value;
        for (var i = 0; i < 10; i++) Assert.Null(writer.Write("a line of some length\n"));
        Assert.Equal("segments.retention", writer.RetentionTrouble?.Rule);
        faulty.FailsDelete = false;
        writer.Maintain();
        Assert.Null(writer.RetentionTrouble);
        Assert.InRange(writer.TotalBytes, 1, 200);
    }

    [Fact]
    public void Supervisor807_rotation_costs_a_constant_number_of_calls()
    {
        var faulty = new Faults.FaultyFolder();
        using var writer = SegmentWriter.Open(faulty, new() { RotateBytes = 100, KeepBytes = 1000, SyncBytes = long.MaxValue }, time).Value;
        for (var i = 0; i < 1000; i++) writer.Write("a line of some length\n");
        Assert.Equal(0, faulty.Reads);
        Assert.InRange(faulty.Syncs, 1000, 2002);
    }

    [Fact]
    public void What_is_not_a_segment_is_left_alone()
    {
        Directory.CreateDirectory(folder.Path);
        var note = Path.Combine(folder.Path, "README.seg");
        File.WriteAllText(note, "not ours");
        using (var writer = Open(new() { KeepBytes = 1 })) writer.Write("one\n");
        Assert.True(File.Exists(note));
        Assert.Equal(["1 stdout one"], Output.Read(folder.Path));
    }

    [Fact]
    public void A_writer_syncs_at_its_bound_and_says_when_the_next_sync_is_due()
    {
        var faulty = new Faults.FaultyFolder();
        using var writer = SegmentWriter.Open(faulty, new() { SyncBytes = 500 }, time).Value;
        Assert.Null(writer.SyncDueAfter);
        writer.Write("a line of some length\n");
        Assert.Equal(TimeSpan.FromMilliseconds(100), writer.SyncDueAfter);
        time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(TimeSpan.FromMilliseconds(40), writer.SyncDueAfter);
        Assert.Equal(0, faulty.Syncs);
        for (var i = 0; i < 10; i++) writer.Write("a line of some length\n");
        Assert.NotEqual(0, faulty.Syncs);
        writer.Sync();
        Assert.Null(writer.SyncDueAfter);
    }

    private SegmentWriter Open(SegmentPolicy policy) => SegmentWriter.Open(folder.Path, policy, time).Value;
}
