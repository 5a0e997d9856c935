using System.Text;

namespace Holdfast.Segments.Tests.Reading;

public sealed class EarlyReaderTests
{
    /// <summary>A reader that is told of a new file the moment it is made opens it before there is anything in it: the numbering must be known all the same, or the same lines get other ids later.</summary>
    [Fact]
    public void A_segment_that_was_opened_before_its_header_was_written_is_of_the_set_that_it_names()
    {
        using var folder = new TestFolder();
        using (var writer = SegmentWriter.Open(folder.Path, new SegmentPolicy(), TimeProvider.System).Value)
            Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes("one\n"), 1));
        var content = File.ReadAllBytes(folder.Segments[0]);
        File.WriteAllBytes(folder.Segments[0], []);
        using var early = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System);
        Assert.False(early.TryRead(out _));
        File.WriteAllBytes(folder.Segments[0], content);
        Assert.True(early.TryRead(out var block));
        Assert.Equal(1, block.Sequence);
        using var later = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System);
        Assert.True(later.TryRead(out _));
        Assert.NotEqual(Guid.Empty, later.Place.Set);
        Assert.Equal(later.Place.Set, early.Place.Set);
    }
}
