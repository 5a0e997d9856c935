using System.Buffers;
using Holdfast.Segments.Files;

namespace Holdfast.Segments.Reading;

/// <summary>Finds and checks blocks in one segment, through a window of it that is read at once.</summary>
internal sealed class BlockScanner(ISegmentFile file) : IDisposable
{
    private const int Window = 256 << 10;

    private byte[] buffer = [];
    private long start;
    private int count;

    public long Length => file.Length;

    /// <summary>The block at an offset; false if what is there (as it is now) is not a whole good block.</summary>
    /// <param name="payload">Valid until the next call.</param>
    public bool TryRead(long offset, out BlockHeader header, out ReadOnlyMemory<byte> payload)
    {
        // What is in the window may be older than what is in the file: only a good block is believed at once.
        return TryRead(offset, fresh: false, out header, out payload) || TryRead(offset, fresh: true, out header, out payload);
    }

    /// <summary>The offset of the first good block in a range of offsets, or -1. It reads each byte a bounded number of times.</summary>
    public long Find(long from, long before)
    {
        for (var at = from; at < before;)
        {
            var view = View(at, BlockHeader.Size, fresh: false).Span;
            if (view.Length < BlockHeader.Size) return -1;
            var mark = view.IndexOf(BlockHeader.Mark);
            if (mark < 0)
            {
                at += view.Length - BlockHeader.Mark.Length + 1;
                continue;
            }

            at += mark;
            if (at < before && TryRead(at, fresh: false, out _, out _)) return at;
            at++;
        }

        return -1;
    }

    public bool TryReadFileHeader(out FileHeader header) => FileHeader.TryRead(View(0, FileHeader.Size, fresh: true).Span, out header);

    /// <summary>Gives the window's memory back: what stands idle costs nothing.</summary>
    public void Release()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        count = 0;
    }

    public void Dispose()
    {
        Release();
        file.Dispose();
    }

    private bool TryRead(long offset, bool fresh, out BlockHeader header, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!BlockHeader.TryRead(View(offset, BlockHeader.Size, fresh).Span, out header)) return false;
        // A length that reaches beyond the file is not worth reading for.
        if (offset - start + header.BlockLength > count && offset + header.BlockLength > file.Length) return false;
        var block = View(offset, header.BlockLength, fresh: false);
        if (block.Length < header.BlockLength || !header.Matches(block.Span)) return false;
        payload = block[BlockHeader.Size..header.BlockLength];
        return true;
    }

    /// <summary>At least <paramref name="wanted"/> bytes from an offset, fewer only at the end of the file.</summary>
    private ReadOnlyMemory<byte> View(long offset, int wanted, bool fresh)
    {
        var inside = offset - start;
        if (fresh || inside < 0 || inside + wanted > count) Fill(offset, wanted);
        inside = offset - start;
        return inside >= count ? default : buffer.AsMemory((int)inside, count - (int)inside);
    }

    private void Fill(long offset, int wanted)
    {
        var size = Math.Max(wanted, Window);
        if (buffer.Length < size)
        {
            Release();
            buffer = ArrayPool<byte>.Shared.Rent(size);
        }

        start = offset;
        count = 0;
        count = file.Read(offset, buffer.AsSpan(0, size));
    }
}
