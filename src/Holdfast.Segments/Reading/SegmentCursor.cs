using Holdfast.Segments.Files;
using Holdfast.Segments.Packing;

namespace Holdfast.Segments.Reading;

/// <summary>
/// A place in a folder of segments that moves from good block to good block, also while the folder is being written. It never waits,
/// never repeats a scan of bytes that have not changed, and counts what it had to skip.
/// </summary>
/// <remarks>Regression: vector#17644 (an endless loop after corruption). Each step moves forward or says that there is nothing now.</remarks>
internal sealed class SegmentCursor(ISegmentFolder folder) : IDisposable
{
    private BlockScanner? scanner;
    private SegmentEntry current;
    private long position;
    private long hopelessLength = -1;
    private bool hasHeader;

    /// <summary>Of the segment that is read; empty before the first.</summary>
    public Guid SetId { get; private set; }

    public long DamagedBytes { get; private set; }

    public int DamagedRanges { get; private set; }

    /// <summary>The good block at the cursor; false if there is none now. Looking twice gives the same block.</summary>
    public bool TryPeek(out BlockHeader header, out ReadOnlyMemory<byte> payload)
    {
        while (true)
        {
            // Who is told of a new file at once may have opened it before its header was in it.
            if (scanner is not null && !hasHeader) ReadHeader();
            if (scanner is not null && scanner.TryRead(position, out header, out payload)) return true;
            if (scanner is not null && SkipDamage()) continue;
            if (Advance()) continue;
            scanner?.Release();
            (header, payload) = (default, default);
            return false;
        }
    }

    public void MoveBehind(BlockHeader header) => position += header.BlockLength;

    /// <summary>Begins at a segment of the folder, at its first block or, if a window from its end is given, at the first one in it.</summary>
    /// <returns>False if the segment is gone.</returns>
    public bool Enter(SegmentEntry entry, long? window = null)
    {
        BlockScanner next;
        try
        {
            next = new(PackedFile.Of(folder.OpenForReading(entry.Name), folder.Keys, entry.Name));
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        scanner?.Dispose();
        scanner = next;
        current = entry;
        position = FileHeader.Size;
        hopelessLength = -1;
        hasHeader = false;
        ReadHeader();
        if (window is not { } size) return true;
        var length = next.Length;
        var found = length - size <= FileHeader.Size ? FileHeader.Size : next.Find(length - size, length);
        if (found >= 0) position = found;
        return true;
    }

    public void Dispose() => scanner?.Dispose();

    private void ReadHeader()
    {
        if (!scanner!.TryReadFileHeader(out var header)) return;
        (hasHeader, SetId) = (true, header.SetId);
        // Another format: nothing in it is a block to us, and the gap in the numbers tells of it.
        if (header.Version > FileHeader.CurrentVersion) position = scanner.Length;
    }

    /// <summary>Whether there was damage before a later good block, and the cursor stands on that block now.</summary>
    private bool SkipDamage()
    {
        var length = scanner!.Length;
        if (length <= position || length == hopelessLength) return false;
        var found = scanner.Find(position + 1, length);
        if (found < 0)
        {
            hopelessLength = length;
            return false;
        }

        // A block that was still being written when it was read looks damaged too. A later one is whole, so this one is by now.
        if (scanner.TryRead(position, out _, out _)) return true;
        Skip(found);
        return true;
    }

    /// <summary>To the next segment, if there is one and this one has nothing more.</summary>
    private bool Advance()
    {
        var entries = folder.List();
        if (scanner is null) return entries.Count > 0 && Enter(entries[0]);
        var after = entries.FindIndex(entry => entry.FirstSequence > current.FirstSequence);
        if (after < 0) return BegunAnew(entries) && Enter(entries[0]);

        // The writer ended this segment before it began the next: what is here now is all there will ever be.
        if (scanner.TryRead(position, out _, out _)) return true;
        hopelessLength = -1;
        if (SkipDamage()) return true;
        if (scanner.Length > position) Skip(scanner.Length);
        for (; after < entries.Count; after++)
        {
            // One that retention has deleted since it was listed is a gap in the numbers.
            if (Enter(entries[after])) return true;
        }

        return false;
    }

    /// <summary>The folder was deleted and made again: its numbers begin anew.</summary>
    private bool BegunAnew(List<SegmentEntry> entries) =>
        entries is [.., var newest] && (newest.FirstSequence < current.FirstSequence || IsAnother(newest));

    /// <summary>Whether the newest segment has the name of ours and is not it: both numberings have begun alike. As long as it is as long as ours nobody can tell without looking, and it will grow.</summary>
    private bool IsAnother(SegmentEntry newest)
    {
        if (newest.FirstSequence != current.FirstSequence || !hasHeader || newest.Length == scanner!.Length) return false;
        try
        {
            using var file = folder.OpenForReading(newest.Name);
            Span<byte> bytes = stackalloc byte[FileHeader.Size];
            return FileHeader.TryRead(bytes[..file.Read(0, bytes)], out var header) && header.SetId != SetId;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private void Skip(long to)
    {
        DamagedBytes += to - position;
        DamagedRanges++;
        position = to;
    }
}
