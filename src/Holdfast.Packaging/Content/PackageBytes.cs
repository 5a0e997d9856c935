using Microsoft.Win32.SafeHandles;

namespace Holdfast.Packaging.Content;

/// <summary>The bytes of a package file, wherever they are; read by position, from any thread.</summary>
internal abstract class PackageBytes : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Fills the buffer; false when the bytes end before it is full.</summary>
    public abstract bool Read(long offset, Span<byte> buffer);

    public abstract void Dispose();
}

internal sealed class FilePackageBytes(SafeFileHandle handle) : PackageBytes
{
    public override long Length { get; } = RandomAccess.GetLength(handle);

    public override bool Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(handle, buffer, offset);
            if (read == 0) return false;
            offset += read;
            buffer = buffer[read..];
        }

        return true;
    }

    public override void Dispose() => handle.Dispose();
}

internal sealed class MemoryPackageBytes(ReadOnlyMemory<byte> bytes) : PackageBytes
{
    public override long Length => bytes.Length;

    public override bool Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > bytes.Length - buffer.Length) return false;
        bytes.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);
        return true;
    }

    public override void Dispose()
    {
    }
}
