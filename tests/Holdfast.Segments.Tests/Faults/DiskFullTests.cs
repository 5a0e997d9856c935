using Holdfast.Testing.Clocks;
using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Segments.Tests.Faults;

public sealed class DiskFullTests
{
    private readonly FaultyFolder folder = new();
    private readonly StandingClock time = new();

    [Fact]
    public void A_full_disk_is_a_value_and_writing_goes_on_when_there_is_space()
    {
        using var writer = Open();
        writer.Write("one\n");
        folder.OnWrite = _ => 0;
        Assert.Equal("segments.write", writer.Write("lost\n")?.Rule);
        Assert.Equal("segments.write", writer.Write("lost\n")?.Rule);
        folder.OnWrite = _ => null;
        Assert.Null(writer.AppendLoss(new(StreamKind.Stdout, 2, 10, "full"), time.GetUtcNow()));
        Assert.Null(writer.Write("two\n"));
        Assert.Equal(["1 stdout one", "2 holdfast 2 lines (10 bytes) of stdout lost: full", "4 stdout two"], Read());
    }

    [Theory]
    [InlineData(1), InlineData(39), InlineData(40), InlineData(43)]
    public void Torn_bytes_are_cut_back(int through)
    {
        using var writer = Open();
        writer.Write("one\n");
        var length = folder.Content(folder.Names.Single()).Count;
        folder.OnWrite = _ => through;
        Assert.NotNull(writer.Write("lost\n"));
        Assert.Equal(length, folder.Content(folder.Names.Single()).Count);
    }

    [Fact]
    public void A_block_that_was_reported_as_lost_never_turns_up_even_if_all_of_it_was_written()
    {
        using (var writer = Open())
        {
            writer.Write("one\n");
            folder.OnWrite = length => length;
            folder.FailsTruncate = () => true;
            Assert.NotNull(writer.Write("a long line that is reported as lost\n"));
            Assert.NotNull(writer.Write("x\n"));
            folder.OnWrite = _ => null;
            Assert.NotNull(writer.Write("still torn\n"));
            folder.FailsTruncate = () => false;
            Assert.Null(writer.Write("two\n"));
        }

        Assert.Equal(["1 stdout one", "2 stdout two"], Read());
    }

    [Fact]
    public void A_segment_that_could_not_be_begun_is_begun_later_under_the_same_name()
    {
        using var writer = Open();
        folder.OnWrite = _ => 7;
        Assert.NotNull(writer.Write("lost\n"));
        folder.FailsCreate = () => true;
        Assert.NotNull(writer.Write("lost\n"));
        (folder.OnWrite, folder.FailsCreate) = (_ => null, () => false);
        Assert.Null(writer.Write("one\n"));
        Assert.Equal(["1 stdout one"], Read());
    }

    [Fact]
    public void A_segment_without_lines_is_not_retired_while_it_is_open()
    {
        using var writer = Open(new() { RotateAge = TimeSpan.FromHours(1), KeepAge = TimeSpan.FromHours(1), KeepBytes = 1 });
        folder.OnWrite = length => length == FileHeader.Size ? null : 0;
        Assert.NotNull(writer.Write("lost\n"));
        time.Advance(TimeSpan.FromHours(5));
        writer.Maintain();
        folder.OnWrite = _ => null;
        Assert.Null(writer.Write("one\n"));
        Assert.Equal(["1 stdout one"], Read());
    }

    [Fact]
    public void A_failed_sync_is_told_and_loses_nothing_that_can_be_read()
    {
        using var writer = Open();
        writer.Write("one\n");
        folder.FailsSync = true;
        Assert.Equal("segments.sync", writer.Sync()?.Rule);
        Assert.NotNull(writer.SyncTrouble);
        folder.FailsSync = false;
        writer.Write("two\n");
        Assert.Null(writer.Sync());
        Assert.Equal(["1 stdout one", "2 stdout two"], Read());
    }

    [Fact]
    public void Law06_produced_is_written_plus_counted_lost_in_order_and_none_twice()
    {
        var runs = Gen.Choose(0, int.MaxValue).ToArbitrary();
        Prop.ForAll(runs, seed =>
        {
            var lines = RandomRun(new Random(seed), out var produced);
            var (next, sequence) = (1, 1L);
            foreach (var line in lines)
            {
                var parts = line.Split(' ');
                Assert.Equal(sequence, long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));
                if (parts[1] == "stdout") Assert.Equal($"line {next}", string.Join(' ', parts[2..]));
                var count = parts[1] == "stdout" ? 1 : int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture);
                (next, sequence) = (next + count, sequence + count);
            }

            Assert.Equal(produced + 1, next);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    /// <summary>Random blocks, rotations, restarts of the writer and phases in which the disk fails in random ways; losses are told as the capture does.</summary>
    private static List<string> RandomRun(Random random, out int produced)
    {
        var folder = new FaultyFolder();
        var time = new StandingClock();
        var failing = false;
        folder.OnWrite = length => failing && random.Next(3) > 0 ? random.Next(length + 1) : null;
        folder.FailsTruncate = () => failing && random.Next(3) == 0;
        folder.FailsCreate = () => failing && random.Next(2) == 0;
        var policy = new SegmentPolicy { RotateBytes = 600, RotateAge = TimeSpan.FromSeconds(20), KeepAge = TimeSpan.MaxValue };
        var writer = SegmentWriter.Open(folder, policy, time).Value;
        produced = 0;
        var (lost, lostBytes) = (0, 0);
        for (var step = 0; step < 120; step++)
        {
            if (random.Next(10) == 0) failing = !failing;
            if (step > 110) failing = false;
            time.Advance(TimeSpan.FromSeconds(random.Next(5)));
            if (!failing && lost == 0 && random.Next(15) == 0)
            {
                writer.Dispose();
                writer = SegmentWriter.Open(folder, policy, time).Value;
            }

            var count = random.Next(1, 6);
            var from = produced + 1;
            var block = string.Concat(Enumerable.Range(from, count).Select(n => $"line {n}\n"));
            produced += count;
            if (lost > 0 && writer.AppendLoss(new(StreamKind.Stdout, lost, lostBytes, "full"), time.GetUtcNow()) is null) (lost, lostBytes) = (0, 0);
            if (lost == 0 && writer.Write(block) is null) continue;
            (lost, lostBytes) = (lost + count, lostBytes + block.Length);
        }

        writer.Dispose();
        using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, time);
        return reader.ReadAll();
    }

    private SegmentWriter Open(SegmentPolicy? policy = null) => SegmentWriter.Open(folder, policy ?? new(), time).Value;

    private List<string> Read()
    {
        using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, time);
        return reader.ReadAll();
    }
}
