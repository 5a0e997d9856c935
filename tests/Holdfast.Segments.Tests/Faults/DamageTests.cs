using Holdfast.Testing.Clocks;
namespace Holdfast.Segments.Tests.Faults;

public sealed class DamageTests
{
    private readonly FaultyFolder folder = new();
    private readonly StandingClock time = new();

    [Fact]
    public void A_torn_end_is_cut_off_whatever_was_left_of_it()
    {
        WriteTen();
        var name = folder.Names.Single();
        var whole = folder.Content(name).ToArray();
        for (var length = whole.Length - 1; length > FileHeader.Size; length--)
        {
            folder.Content(name).Clear();
            folder.Content(name).AddRange(whole[..length]);
            var before = Read();
            using (var writer = Open()) writer.Write("next\n");
            Assert.Equal([.. before, $"{before.Count + 1} stdout next"], Read());
        }
    }

    [Fact]
    public void A_torn_end_of_zeros_as_a_power_loss_leaves_it_is_cut_off_and_told()
    {
        WriteTen();
        folder.Content(folder.Names.Single()).AddRange(new byte[5000]);
        using var writer = Open();
        Assert.Equal(5000, writer.Recovery.TruncatedBytes);
        Assert.Equal("segments.torn", Assert.Single(writer.Recovery.Problems).Rule);
        writer.Write("next\n");
        Assert.Equal("11 stdout next", Read()[^1]);
    }

    [Fact]
    public void Law06_any_damaged_byte_costs_its_block_only_and_is_told()
    {
        WriteTen();
        var bytes = folder.Content(folder.Names.Single());
        for (var i = FileHeader.Size; i < bytes.Count; i++)
        {
            bytes[i] ^= 0x55;
            using (var reader = SegmentReader.Open(folder, SegmentStart.Sequence(1), time))
            {
                var lines = reader.ReadAll();
                // The last block is taken for one that is still being written: its damage shows when the writer goes on.
                var last = i >= bytes.Count - 40 - "line 10\n".Length;
                Assert.Equal(last ? 9 : 10, lines.Count);
                Assert.Equal(9, lines.Count(line => line.Contains("stdout line", StringComparison.Ordinal)));
                if (!last)
                {
                    Assert.Single(lines, line => line.Contains("holdfast 1 line lost: they are damaged", StringComparison.Ordinal));
                    Assert.Equal(1, reader.DamagedRanges);
                }
            }

            bytes[i] ^= 0x55;
        }
    }

    [Fact]
    public void A_damaged_middle_is_told_by_the_writer_and_stays_where_it_is()
    {
        WriteTen();
        var name = folder.Names.Single();
        folder.Content(name)[FileHeader.Size + 60] ^= 1;
        using var writer = Open();
        Assert.Equal((0, 1), (writer.Recovery.TruncatedBytes, writer.Recovery.DamagedRanges));
        writer.Write("next\n");
        Assert.Equal("11 stdout next", Read()[^1]);
    }

    [Fact]
    public void Vector17644_damage_never_becomes_an_endless_loop()
    {
        // Many beginnings of blocks, none of them one: each is looked at once and not again while nothing changes.
        WriteTen();
        var bytes = folder.Content(folder.Names.Single());
        for (var i = 0; i < 1000; i++)
        {
            bytes.AddRange(BlockHeader.Mark);
            bytes.AddRange(new byte[60]);
        }

        using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, time);
        Assert.Equal(10, reader.ReadAll().Count);
        folder.Reads = 0;
        for (var i = 0; i < 100; i++) Assert.Empty(reader.ReadAll());
        Assert.InRange(folder.Reads, 0, 600);
    }

    [Fact]
    public void A_damaged_file_header_does_not_hide_the_blocks()
    {
        WriteTen();
        folder.Content(folder.Names.Single())[3] ^= 1;
        Assert.Equal(10, Read().Count);
        using var writer = Open();
        writer.Write("next\n");
        Assert.Equal("11 stdout next", Read()[^1]);
    }

    [Fact]
    public void A_segment_of_which_nothing_can_be_read_is_kept_and_told()
    {
        WriteTen();
        var name = folder.Names.Single();
        for (var i = 0; i < folder.Content(name).Count; i++) folder.Content(name)[i] = 0xAA;
        using var writer = Open();
        Assert.Equal("segments.damaged", Assert.Single(writer.Recovery.Problems).Rule);
        Assert.Null(writer.Write("next\n"));
        Assert.Contains(name, folder.Names);
        Assert.EndsWith("stdout next", Read()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_of_a_newer_version_is_left_alone()
    {
        WriteTen();
        var name = folder.Names.Single();
        FileHeader.TryRead(folder.Content(name).ToArray(), out var header);
        var bytes = new byte[FileHeader.Size];
        (header with { Version = FileHeader.CurrentVersion + 1 }).Write(bytes);
        for (var i = 0; i < bytes.Length; i++) folder.Content(name)[i] = bytes[i];
        var before = folder.Content(name).ToArray();
        using (var writer = Open()) Assert.Null(writer.Write("next\n"));
        Assert.Equal(before, folder.Content(name));
        Assert.Equal(["2 stdout next"], Read());
    }

    [Fact]
    public void Beats3537_an_empty_or_short_newest_file_is_no_reason_to_stop()
    {
        WriteTen();
        using (var file = folder.Create(SegmentName.Of(11))) file.Write(0, new byte[10]);
        using (var writer = Open()) Assert.Null(writer.Write("next\n"));
        Assert.Equal("11 stdout next", Read()[^1]);
    }

    [Fact]
    public void A_payload_that_looks_like_a_block_is_a_payload()
    {
        // A service prints what a block looks like; the mark's first byte is no UTF-8, so it is never found within a payload.
        using (var writer = Open())
        {
            writer.Write("\uFFFDHFB fake\n");
            writer.Write("two\n");
        }

        folder.Content(folder.Names.Single())[FileHeader.Size + 5] ^= 1;
        Assert.Equal(["2 stdout two"], Read());
    }

    private void WriteTen()
    {
        using var writer = Open();
        for (var i = 1; i <= 10; i++) writer.Write($"line {i}\n");
    }

    private SegmentWriter Open() => SegmentWriter.Open(folder, new(), time).Value;

    private List<string> Read()
    {
        using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, time);
        return reader.ReadAll();
    }
}
