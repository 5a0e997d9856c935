using Microsoft.Win32.SafeHandles;

namespace Holdfast.Node.Backups;

/// <summary>The bytes of an open file from one place on, so many of them, read forward. The handle is not its own.</summary>
internal sealed class PrefixStream(SafeFileHandle handle, long length, long start = 0) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => position; set => throw new NotSupportedException(); }

    /// <summary>0 at the end; also where the file ends too early: who reads compares the length.</summary>
    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(handle, buffer[..(int)Math.Min(buffer.Length, length - position)], start + position);
        position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
