using Holdfast.Core.Problems;
using Holdfast.Segments.Files;
using Holdfast.Segments.Packing;
using Holdfast.Segments.Reading;

namespace Holdfast.Segments.Writing;

/// <summary>What a writer begins with: what its folder holds, with a torn end already cut off.</summary>
/// <param name="Open">The newest segment, to be gone on with; null when the next append must begin one.</param>
internal sealed record FolderState(
    OldSegments Old, OpenSegment? Open, Guid SetId, long NextSequence, SegmentRecovery Recovery)
{
    /// <summary>Reads the folder and mends the end of its newest segment.</summary>
    public static FolderState Recover(ISegmentFolder folder, DateTimeOffset now)
    {
        var old = new OldSegments(folder);
        var entries = folder.List();
        var headers = entries.ConvertAll(entry => ReadHeader(folder, entry));
        for (var i = 0; i + 1 < entries.Count; i++)
        {
            // Its last line is no younger than the segment after it.
            var ended = headers[i + 1] is { } next ? UnixTime.FromNanoseconds(next.CreatedUnixNanoseconds) : now;
            old.Add(entries[i].Name, entries[i].Length, ended);
        }

        var setId = headers.LastOrDefault(header => header is not null)?.SetId ?? Guid.NewGuid();
        return entries.Count == 0
            ? new(old, null, setId, 1, SegmentRecovery.Nothing)
            : RecoverNewest(folder, old, entries[^1], headers[^1], setId, now);
    }

    private static FolderState RecoverNewest(
        ISegmentFolder folder, OldSegments old, SegmentEntry newest, FileHeader? header, Guid setId, DateTimeOffset now)
    {
        var created = header is { } known ? UnixTime.FromNanoseconds(known.CreatedUnixNanoseconds) : now;
        if (newest.Length <= FileHeader.Size && header is null)
        {
            // A crash came before its header was whole: nothing is in it, and the first append replaces it. Until then its name keeps the numbering.
            return new(old, null, setId, newest.FirstSequence, SegmentRecovery.Nothing);
        }

        if (Packed(folder, newest) is { } packed)
        {
            // The one after it is gone. It is not written any more, and the numbers go on behind it.
            old.Add(newest.Name, newest.Length, now);
            return new(old, null, setId, packed.NextSequence, SegmentRecovery.Nothing);
        }

        var file = folder.OpenForWriting(newest.Name);
        using var scanner = new BlockScanner(folder.OpenForReading(newest.Name));
        var ours = header is null or { Version: <= FileHeader.CurrentVersion };
        var tail = ours ? TailScan.Of(scanner) : new(newest.Length, 0, 0, newest.Length, 0, 0);
        var begunOnly = ours && header is not null && tail.Length <= TailScan.FirstWindow;
        if (tail.NextSequence == 0 && !begunOnly)
        {
            // Nothing in it can be read (by this version): it is kept, and its first sequence is given up so that the next segment has a name of its own.
            file.Dispose();
            old.Add(newest.Name, newest.Length, now);
            var unreadable = tail.Length - Math.Min(tail.Length, FileHeader.Size);
            return new(old, null, setId, newest.FirstSequence + 1,
                new(0, unreadable, 1, [SegmentProblems.Damaged(newest.Name, FileHeader.Size, unreadable)]));
        }

        var problems = new List<Problem>();
        if (tail.DamagedRanges > 0) problems.Add(SegmentProblems.Damaged(newest.Name, FileHeader.Size, tail.DamagedBytes));
        if (tail.Length > tail.End)
        {
            file.Truncate(tail.End);
            file.Sync();
            problems.Add(SegmentProblems.Truncated(newest.Name, tail.Length - tail.End));
        }

        var open = new OpenSegment(file, newest.Name, tail.End, created);
        if (tail.NextSequence > 0) open.LastAppend = UnixTime.FromNanoseconds(tail.LastUnixNanoseconds);
        var next = Math.Max(tail.NextSequence, newest.FirstSequence);
        return new(old, open, setId, next, new(tail.Length - tail.End, tail.DamagedBytes, tail.DamagedRanges, problems));
    }

    private static PackedHeader? Packed(ISegmentFolder folder, SegmentEntry entry)
    {
        using var file = folder.OpenForReading(entry.Name);
        return PackedHeader.Of(file);
    }

    private static FileHeader? ReadHeader(ISegmentFolder folder, SegmentEntry entry)
    {
        using var file = PackedFile.Of(folder.OpenForReading(entry.Name), folder.Keys, entry.Name);
        Span<byte> bytes = stackalloc byte[FileHeader.Size];
        return FileHeader.TryRead(bytes[..file.Read(0, bytes)], out var header) ? header : null;
    }
}
