using System.Collections.Concurrent;
using Holdfast.Segments.Files;
using Holdfast.Segments.Reading;

namespace Holdfast.Segments;

/// <summary>How far folders of segments have been written. What has not grown since it was asked for last is not read again.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class SegmentEnds
{
    private readonly ConcurrentDictionary<string, (string Name, long Length, long Next)> known = new(StringComparer.Ordinal);

    /// <summary>The sequence that the next line will have; 1 where there is none. Throws IOException and UnauthorizedAccessException.</summary>
    public long NextSequence(string folder)
    {
        var disk = new DiskFolder(folder);
        if (disk.List() is not [.., var newest]) return 1;
        if (known.TryGetValue(folder, out var before) && before.Name == newest.Name && before.Length == newest.Length) return before.Next;
        using var cursor = new SegmentCursor(disk);
        var next = SegmentSeek.NextSequence(cursor, disk);
        known[folder] = (newest.Name, newest.Length, next);
        return next;
    }
}
