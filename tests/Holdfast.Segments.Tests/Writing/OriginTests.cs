using System.Text;

namespace Holdfast.Segments.Tests.Writing;

public sealed class OriginTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("holdfast-origins-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Lines_say_where_they_are_from_wherever_a_reader_begins()
    {
        var first = new BlockOrigin("app.log", 0, 8, "1");
        using (var writer = SegmentWriter.OpenWithOrigins(folder.FullName, new(), TimeProvider.System).Value)
        {
            Assert.Null(writer.Append(StreamKind.File, BlockFlags.None, DateTimeOffset.UnixEpoch, "one\ntwo\n"u8, 2, first));
            Assert.Null(writer.AppendLoss(new(StreamKind.File, 1, 5, "gone"), DateTimeOffset.UnixEpoch, first with { Begin = 8, End = 13 }));
            Assert.Null(writer.Append(StreamKind.Holdfast, BlockFlags.None, DateTimeOffset.UnixEpoch, "a note\n"u8, 1));
            Assert.Equal(5, writer.Place.Next);
        }

        using var reader = SegmentReader.Open(folder.FullName, SegmentStart.Sequence(2), TimeProvider.System);
        Assert.True(reader.TryRead(out var block));
        Assert.Equal((2, "two\n", first), (block.Sequence, Encoding.UTF8.GetString(block.Payload.Span), block.Origin));
        Assert.True(reader.TryRead(out block));
        Assert.Equal(("gone", 13L), (block.Loss!.Reason, block.Origin!.End));
        Assert.True(reader.TryRead(out block));
        Assert.Null(block.Origin);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Segments_of_stdout_are_those_of_before_and_take_no_origins()
    {
        using var writer = SegmentWriter.Open(folder.FullName, new(), TimeProvider.System).Value;
        Assert.Null(writer.Append(StreamKind.Stdout, BlockFlags.None, DateTimeOffset.UnixEpoch, "one\n"u8, 1));
        using (var file = new FileStream(Directory.EnumerateFiles(folder.FullName).Single(), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            var header = new byte[FileHeader.Size];
            file.ReadExactly(header);
            Assert.True(FileHeader.TryRead(header, out var read));
            Assert.Equal(FileHeader.FirstVersion, read.Version);
        }

        Assert.Throws<ArgumentException>(() => writer.Append(StreamKind.File, BlockFlags.None, DateTimeOffset.UnixEpoch, "one\n"u8, 1, new("a", 0, 4, "")));
    }
}
