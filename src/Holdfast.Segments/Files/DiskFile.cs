using Microsoft.Win32.SafeHandles;

namespace Holdfast.Segments.Files;

internal sealed class DiskFile(SafeFileHandle handle) : ISegmentFile
{
    public long Length => RandomAccess.GetLength(handle);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

    public int Read(long offset, Span<byte> bytes)
    {
        var total = 0;
        while (total < bytes.Length)
        {
            var read = RandomAccess.Read(handle, bytes[total..], offset + total);
            if (read == 0) break;
            total += read;
        }

        return total;
    }

    public void Truncate(long length) => RandomAccess.SetLength(handle, length);

    public void Sync() => DiskSync.File(handle);

    public void Dispose() => handle.Dispose();
}
