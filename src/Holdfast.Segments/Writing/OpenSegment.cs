using Holdfast.Segments.Files;

namespace Holdfast.Segments.Writing;

/// <summary>The segment that is written: its end, and whether what is beyond that end must be cut off first.</summary>
internal sealed class OpenSegment(ISegmentFile file, string name, long end, DateTimeOffset created) : IDisposable
{
    private bool torn;

    public string Name => name;

    /// <summary>In bytes.</summary>
    public long Length { get; private set; } = end;

    /// <summary>When its first line was written, or it was created: what its age is counted from.</summary>
    public DateTimeOffset Began { get; private set; } = created;

    public DateTimeOffset LastAppend { get; set; } = created;

    /// <summary>Nothing but its header is in it.</summary>
    public bool IsEmpty => Length <= FileHeader.Size;

    /// <summary>
    /// Writes a block at the end. Throws what the file throws, and then the segment ends where it ended: torn bytes are cut off at once or,
    /// if that fails too, before anything else is written, so that what was reported as lost can never turn up.
    /// </summary>
    public void Append(ReadOnlySpan<byte> block)
    {
        CutBack();
        torn = true;
        try
        {
            file.Write(Length, block);
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            TryCutBack();
            throw;
        }

        torn = false;
        Length += block.Length;
    }

    /// <summary>Appends a block of lines, under the time of day.</summary>
    public void Append(ReadOnlySpan<byte> block, DateTimeOffset now)
    {
        var isFirst = IsEmpty;
        Append(block);
        LastAppend = now;
        if (isFirst) Began = now;
    }

    /// <summary>Safe beside an append by another thread.</summary>
    public void Sync() => file.Sync();

    public void Dispose()
    {
        TryCutBack();
        file.Dispose();
    }

    /// <summary>Cuts off what a failed append has left. Throws what the file throws; a segment must not be closed before.</summary>
    public void CutBack()
    {
        if (!torn) return;
        file.Truncate(Length);
        torn = false;
    }

    private void TryCutBack()
    {
        try
        {
            CutBack();
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            // Still torn: the next append tries again, or the next open finds a torn end.
        }
    }
}
