using Holdfast.Segments.Reading;

namespace Holdfast.Segments.Writing;

/// <summary>What stands at the end of a segment.</summary>
/// <param name="End">After the last good block: where the next one goes.</param>
/// <param name="NextSequence">After the last good block's last line; 0 if there is no good block.</param>
/// <param name="LastUnixNanoseconds">Of the last good block.</param>
internal sealed record TailScan(long End, long NextSequence, long LastUnixNanoseconds, long Length, long DamagedBytes, int DamagedRanges)
{
    // A thousand writers open at once after a restart, so each looks at its end only; it is more than what can be unsynced.
    public const long FirstWindow = 2 << 20;

    /// <summary>Looks at the end of the segment, and further back only while there is no good block.</summary>
    public static TailScan Of(BlockScanner scanner)
    {
        var length = scanner.Length;
        for (var window = FirstWindow; ; window *= 2)
        {
            var from = Math.Max(FileHeader.Size, length - window);
            var begin = from == FileHeader.Size && scanner.TryRead(from, out _, out _) ? from : scanner.Find(from, length);
            if (begin >= 0) return Walk(scanner, from == FileHeader.Size ? from : begin, length);
            if (from == FileHeader.Size) return new(Math.Min(length, FileHeader.Size), 0, 0, length, 0, 0);
        }
    }

    private static TailScan Walk(BlockScanner scanner, long position, long length)
    {
        var (next, time, damaged, ranges) = (0L, 0L, 0L, 0);
        while (position < length)
        {
            if (scanner.TryRead(position, out var header, out _))
            {
                position += header.BlockLength;
                next = header.NextSequence;
                time = header.UnixNanoseconds;
                continue;
            }

            var found = scanner.Find(position + 1, length);
            if (found < 0) break;
            damaged += found - position;
            ranges++;
            position = found;
        }

        return new(position, next, time, length, damaged, ranges);
    }
}
