using Holdfast.Platform.Tests;
using Holdfast.Segments;

namespace Holdfast.Windows.Selftest.Files;

public sealed class PackedSegmentTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Windows replaces no file that is open, so nothing of the packing's own may be.</summary>
    [Fact]
    public void A_closed_segment_gives_its_place_to_the_packed_one_and_reads_as_before()
    {
        using (var writer = SegmentWriter.Open(folder.Path, new() { RotateBytes = 20_000 }, TimeProvider.System).Value)
        {
            for (var i = 0; i < 1000; i++) Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, DateTimeOffset.UnixEpoch, "a line of some length, again and again\n"u8, 1));
        }

        var key = SegmentKey.New();
        var keys = new SegmentKeys();
        keys.Replace([key]);
        var closed = ClosedSegments.List(folder.Path);
        Assert.True(closed.Count > 1);
        Assert.All(closed, segment => Assert.True(ClosedSegments.Pack(segment, compress: true, key).Value < segment.Bytes / 2));
        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System, keys);
        var lines = 0L;
        while (reader.TryRead(out var block)) lines += block.Loss is null ? block.Lines : 0;
        Assert.Equal(1000, lines);
    }
}
