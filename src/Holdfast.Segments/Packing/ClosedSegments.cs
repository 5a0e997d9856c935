using Holdfast.Core.Problems;
using Holdfast.Segments.Files;
using Holdfast.Segments.Packing;

namespace Holdfast.Segments;

/// <summary>A segment that is not written any more: there is one after it.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Name">Of its file.</param>
/// <param name="Next">The first sequence of the one after it: who has read so far needs it no more.</param>
/// <param name="Bytes">On the disk.</param>
/// <param name="Ended">When it was written last.</param>
public sealed record ClosedSegment(string Folder, string Name, long Next, long Bytes, DateTimeOffset Ended);

/// <summary>What can be done with segments that are not written any more, by others than their writer: it notices when it counts them next.</summary>
public static class ClosedSegments
{
    /// <summary>From the oldest on; none where there is no such folder. Throws IOException and UnauthorizedAccessException.</summary>
    public static IReadOnlyList<ClosedSegment> List(string folder)
    {
        List<ClosedSegment> closed = [];
        List<SegmentEntry> entries;
        try
        {
            entries = new DiskFolder(folder).List();
        }
        catch (DirectoryNotFoundException)
        {
            // It is removed just now.
            return closed;
        }

        for (var i = 0; i + 1 < entries.Count; i++)
            closed.Add(new(folder, entries[i].Name, entries[i + 1].FirstSequence, entries[i].Length, File.GetLastWriteTimeUtc(Path.Combine(folder, entries[i].Name))));
        return closed;
    }

    /// <summary>The bytes that it has now; null: it is packed already, or nothing in it can be read. Problems: <c>segments.pack</c>: it is as it was.</summary>
    /// <param name="compress">What becomes smaller by it.</param>
    /// <param name="key">Null: it is not encrypted.</param>
    public static Outcome<long?> Pack(ClosedSegment segment, bool compress, SegmentKey? key)
    {
        ArgumentNullException.ThrowIfNull(segment);
        return SegmentPacking.Pack(new DiskFolder(segment.Folder), segment.Name, compress, key);
    }

    /// <summary>Problems: <c>segments.retention</c>.</summary>
    public static Outcome<Done> Delete(string folder, string name)
    {
        try
        {
            new DiskFolder(folder).Delete(name);
            return Outcome.Done;
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            return SegmentProblems.Retention(folder, e);
        }
    }

    /// <summary>Removes what an agent that died has left half packed; nobody packs in that folder now. Throws IOException and UnauthorizedAccessException.</summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var unfinished in Directory.EnumerateFiles(folder, "*" + SegmentName.Extension + SegmentPacking.Unfinished)) File.Delete(unfinished);
    }
}
