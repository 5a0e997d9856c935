namespace Holdfast.Packaging.Zip;

/// <summary>The bytes that <see cref="StoredZipWriter"/> would write, from one place on. Read forward, by one reader.</summary>
internal sealed class StoredZipStream : Stream
{
    private readonly List<Piece> pieces = [];
    private Stream? open;
    private int at;
    private long skip;
    private long left;

    public StoredZipStream(IEnumerable<ZipContent> contents, long from)
    {
        long offset = 0, directory = 0;
        List<(ZipContent Content, long Offset)> entries = [];
        foreach (var content in contents.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            var place = offset;
            Add(ZipFormat.LocalLength + content.Name.Length, () => InMemory(ZipFormat.LocalHeader(EntryOf(content, place))));
            Add(content.Size, content.Open);
            entries.Add((content, place));
            offset += ZipFormat.LocalLength + content.Name.Length + content.Size;
            directory += ZipFormat.CentralLength + content.Name.Length;
        }

        foreach (var (content, place) in entries) Add(ZipFormat.CentralLength + content.Name.Length, () => InMemory(ZipFormat.CentralHeader(EntryOf(content, place))));
        Add(ZipFormat.EndLength, () => InMemory(ZipFormat.End(entries.Count, offset, directory)));
        Length = pieces.Sum(piece => piece.Length);
        for (skip = from; at < pieces.Count && skip >= pieces[at].Length; at++) skip -= pieces[at].Length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    /// <summary>Of the whole archive.</summary>
    public override long Length { get; }

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="EndOfStreamException">A file is shorter than it was.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (at < pieces.Count && !buffer.IsEmpty)
        {
            if (open is null) Begin(pieces[at]);
            if (left == 0)
            {
                open!.Dispose();
                open = null;
                at++;
                continue;
            }

            var read = open!.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
            if (read == 0) throw new EndOfStreamException("a file of the package is shorter than it was");
            left -= read;
            return read;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) open?.Dispose();
        base.Dispose(disposing);
    }

    private static ZipEntry EntryOf(ZipContent content, long offset) => new(content.Name, content.Size, content.Crc, offset);

    private static MemoryStream InMemory(byte[] bytes) => new(bytes, writable: false);

    private void Add(long length, Func<Stream> content) => pieces.Add(new(length, content));

    private void Begin(Piece piece)
    {
        open = piece.Open();
        open.Position = skip;
        left = piece.Length - skip;
        skip = 0;
    }

    private sealed record Piece(long Length, Func<Stream> Open);
}
