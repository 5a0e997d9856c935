using System.Runtime.InteropServices;
using Holdfast.Segments.Files;

namespace Holdfast.Segments.Tests.Faults;

internal sealed class FaultyFile(FaultyFolder folder, List<byte> bytes) : ISegmentFile
{
    public long Length => bytes.Count;

    public void Write(long offset, ReadOnlySpan<byte> block)
    {
        var through = folder.OnWrite(block.Length);
        var written = block[..(through ?? block.Length)];
        if (bytes.Count < offset + written.Length) CollectionsMarshal.SetCount(bytes, (int)offset + written.Length);
        written.CopyTo(CollectionsMarshal.AsSpan(bytes)[(int)offset..]);
        if (through is not null) throw FaultyFolder.Full();
    }

    public int Read(long offset, Span<byte> into)
    {
        folder.Reads++;
        var rest = CollectionsMarshal.AsSpan(bytes)[(int)Math.Min(offset, bytes.Count)..];
        var count = Math.Min(rest.Length, into.Length);
        rest[..count].CopyTo(into);
        return count;
    }

    public void Truncate(long length)
    {
        if (folder.FailsTruncate()) throw new IOException("Input/output error");
        CollectionsMarshal.SetCount(bytes, (int)length);
    }

    public void Sync() => folder.Synced();

    public void Dispose()
    {
    }
}
