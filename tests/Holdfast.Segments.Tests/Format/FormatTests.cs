using System.Text;

namespace Holdfast.Segments.Tests.Format;

public sealed class FormatTests
{
    [Theory]
    [InlineData("", 0u), InlineData("a", 0xC1D04330u), InlineData("123456789", 0xE3069283u)]
    public void The_checksum_is_that_of_Castagnoli(string text, uint expected) => Assert.Equal(expected, Crc32C.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_block_is_written_byte_by_byte_as_documented()
    {
        var block = new byte[BlockHeader.Size + 3];
        "hi\n"u8.CopyTo(block.AsSpan(BlockHeader.Size));
        new BlockHeader(3, StreamKind.Stderr, BlockFlags.Unfinished, 7, 1_000_000_000, 1).Write(block);
        Assert.Equal("F7484642", Convert.ToHexString(block, 0, 4));
        Assert.Equal("03000000" + "0201" + "0000" + "0700000000000000" + "00CA9A3B00000000" + "0100000000000000" + "68690A", Convert.ToHexString(block, 8, block.Length - 8));
        Assert.Equal(Crc32C.Of(block.AsSpan(8)), BitConverter.ToUInt32(block, 4));
    }

    [Fact]
    public void An_origin_stands_before_the_lines_and_is_counted_in_the_header()
    {
        var origin = new BlockOrigin("logs/app\t.log", 10, 13, "a b").ToBytes();
        Assert.Equal("logs/app .log\t10\t13\ta b\n", Encoding.UTF8.GetString(origin));
        Assert.Equal(new BlockOrigin("logs/app .log", 10, 13, "a b"), BlockOrigin.Parse(origin));
        Assert.Null(BlockOrigin.Parse("a\t1\t2\n"u8));
        var block = new byte[BlockHeader.Size + 3];
        new BlockHeader(3, StreamKind.File, BlockFlags.None, 7, 1_000_000_000, 1, 2).Write(block);
        Assert.Equal("03000000" + "0500" + "0200", Convert.ToHexString(block, 8, 8));
        Assert.True(BlockHeader.TryRead(block, out var header));
        Assert.Equal(2, header.OriginLength);
    }

    [Fact]
    public void Names_sort_as_their_sequences_do()
    {
        long[] sequences = [1, 9, 10, 99_999, 1L << 40, long.MaxValue];
        var names = sequences.Select(SegmentName.Of).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.All(names.Zip(sequences), pair => Assert.True(SegmentName.TryParse(pair.First, out var first) && first == pair.Second));
        Assert.False(SegmentName.TryParse("1.seg", out _));
    }

    [Fact]
    public void A_loss_survives_its_payload()
    {
        var loss = new Loss(StreamKind.Stderr, 12, 345, "no\tspace\nleft");
        Assert.True(Loss.TryParse(loss.ToPayload(), out var read));
        Assert.Equal(loss with { Reason = "no space left" }, read);
    }
}
