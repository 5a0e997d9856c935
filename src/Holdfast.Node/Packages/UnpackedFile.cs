using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Node.Packages;

/// <summary>A new file that is synced and has its final, unwritable mode once it is disposed.</summary>
internal sealed class UnpackedFile : Stream
{
    private readonly FileStream file;
    private readonly UnixFileMode mode;
    private bool disposed;

    public UnpackedFile(string path, UnixFileMode mode)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = DurableFile.OwnerOnly;
        file = new(path, options);
        this.mode = mode;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer) => file.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => file.Write(buffer, offset, count);

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            using (file)
            {
                var set = FolderRights.Set(file.Name, mode);
                if (!set.IsOk) throw new IOException(set.Problems[0].What);
                file.Flush();
                DiskSync.File(file.SafeFileHandle);
            }
        }

        base.Dispose(disposing);
    }
}
