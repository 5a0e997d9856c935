using Holdfast.Packaging.Content;
using Holdfast.Packaging.Zip;

namespace Holdfast.Packaging.Reading;

/// <summary>A forward-only view of one entry's content.</summary>
internal sealed class EntryStream(PackageBytes bytes, ZipEntry entry) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Size;

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, entry.Size - position);
        if (count > 0 && !bytes.Read(entry.DataOffset + position, buffer[..count])) throw new EndOfStreamException($"{entry.Name} was cut off");
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
