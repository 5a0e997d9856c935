using Holdfast.Core.Problems;
using Holdfast.Segments.Files;

namespace Holdfast.Segments.Writing;

/// <summary>The segments that are no longer written, oldest first, and when they go.</summary>
/// <remarks>Regressions: NSSM and kirillkovalenko/nssm#13 never delete old logs; winsw#348 and #182 know no age.</remarks>
internal sealed class OldSegments(ISegmentFolder folder)
{
    private Queue<(string Name, long Length, DateTimeOffset Ended)> closed = new();

    /// <summary>In bytes.</summary>
    public long Length { get; private set; }

    public int Count => closed.Count;

    /// <param name="ended">When its last line was written, or later.</param>
    public void Add(string name, long length, DateTimeOffset ended)
    {
        closed.Enqueue((name, length, ended));
        Length += length;
    }

    /// <summary>Deletes what is too old or too much; the problem, if one could not be deleted: it is tried again next time.</summary>
    /// <param name="openLength">Of the segment that is open, in bytes; null when there is none: then the newest stays, for its name keeps the numbering.</param>
    public Problem? Retire(SegmentPolicy policy, long? openLength, DateTimeOffset now)
    {
        var fewest = openLength is null ? 1 : 0;
        if (closed.Count > fewest && Length + (openLength ?? 0) > policy.KeepBytes && Recount() is { } trouble) return trouble;
        while (closed.Count > fewest && closed.TryPeek(out var oldest)
            && (Length + (openLength ?? 0) > policy.KeepBytes || now - oldest.Ended > policy.KeepAge))
        {
            try
            {
                folder.Delete(oldest.Name);
            }
            catch (Exception e) when (SegmentProblems.IsExpected(e))
            {
                return SegmentProblems.Retention(folder.Path, e);
            }

            closed.Dequeue();
            Length -= oldest.Length;
        }

        return null;
    }

    /// <summary>Others pack segments, and delete some where a disk has become full: none goes for bytes that are not there any more.</summary>
    private Problem? Recount()
    {
        try
        {
            var there = folder.List().ToDictionary(entry => entry.Name, entry => entry.Length, StringComparer.Ordinal);
            closed = new(closed.Where(one => there.ContainsKey(one.Name)).Select(one => one with { Length = there[one.Name] }));
            Length = closed.Sum(one => one.Length);
            return null;
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            return SegmentProblems.Retention(folder.Path, e);
        }
    }
}
