using Holdfast.Segments.Files;
using Holdfast.Segments.Packing;

namespace Holdfast.Segments.Reading;

/// <summary>Brings a cursor to where a reader begins, reading from the end of a segment rather than from its start.</summary>
internal static class SegmentSeek
{
    private const long FirstWindow = 256 << 10;

    /// <summary>Puts the cursor at or before the block with a sequence.</summary>
    public static void ToSequence(SegmentCursor cursor, ISegmentFolder folder, long sequence)
    {
        var entries = folder.List();
        var index = entries.FindLastIndex(entry => entry.FirstSequence <= sequence);
        Enter(cursor, entries, index, header => header.Sequence <= sequence);
    }

    /// <summary>Puts the cursor at or before the first block of a time or later.</summary>
    public static void ToTime(SegmentCursor cursor, ISegmentFolder folder, DateTimeOffset from)
    {
        var nanoseconds = UnixTime.ToNanoseconds(from);
        var entries = folder.List();
        var index = entries.FindLastIndex(entry => Created(folder, entry) <= nanoseconds);
        Enter(cursor, entries, index, header => header.UnixNanoseconds < nanoseconds);
    }

    /// <summary>The sequence after the last line that can be read; 1 if there is none.</summary>
    public static long NextSequence(SegmentCursor cursor, ISegmentFolder folder)
    {
        var entries = folder.List();
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            // A packed one says it, without a key.
            var next = Packed(folder, entries[i])?.NextSequence ?? 0;
            for (var window = FirstWindow; next == 0; window *= 4)
            {
                if (!cursor.Enter(entries[i], window)) break;
                while (cursor.TryPeek(out var header, out _))
                {
                    next = header.NextSequence;
                    cursor.MoveBehind(header);
                }

                if (window >= entries[i].Length) break;
            }

            if (next > 0) return next;
        }

        return entries.Count > 0 ? entries[^1].FirstSequence : 1;
    }

    private static void Enter(SegmentCursor cursor, List<SegmentEntry> entries, int index, Func<BlockHeader, bool> isEarlyEnough)
    {
        if (entries.Count == 0) return;
        var entry = entries[Math.Max(index, 0)];
        for (var window = FirstWindow; window < entry.Length; window *= 4)
        {
            if (!cursor.Enter(entry, window)) return;
            if (cursor.TryPeek(out var header, out _) && isEarlyEnough(header)) return;
        }

        cursor.Enter(entry);
    }

    private static PackedHeader? Packed(ISegmentFolder folder, SegmentEntry entry)
    {
        try
        {
            using var file = folder.OpenForReading(entry.Name);
            return PackedHeader.Of(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static long Created(ISegmentFolder folder, SegmentEntry entry)
    {
        try
        {
            using var file = PackedFile.Of(folder.OpenForReading(entry.Name), folder.Keys, entry.Name);
            Span<byte> bytes = stackalloc byte[FileHeader.Size];
            return FileHeader.TryRead(bytes[..file.Read(0, bytes)], out var header) ? header.CreatedUnixNanoseconds : long.MaxValue;
        }
        catch (FileNotFoundException)
        {
            return long.MaxValue;
        }
    }
}
