using Holdfast.Core.Problems;

namespace Holdfast.Segments;

/// <summary>What can go wrong with segments, as values. The rules are contract.</summary>
internal static class SegmentProblems
{
    /// <summary>An exception that the file system means by it, not a bug of ours.</summary>
    public static bool IsExpected(Exception e) => e is IOException or UnauthorizedAccessException;

    public static Problem Write(string folder, Exception e) => new(ProblemKind.Failed, "segments.write", $"cannot write to '{folder}': {e.Message}")
    {
        Mend = "free space or mend the file system; writing goes on by itself",
    };

    public static Problem Sync(string folder, Exception e) => new(ProblemKind.Failed, "segments.sync", $"cannot put lines on the disk in '{folder}': {e.Message}")
    {
        Why = "what was written since the last sync may not survive a power loss",
    };

    public static Problem Retention(string folder, Exception e) => new(ProblemKind.Failed, "segments.retention", $"cannot delete an old segment in '{folder}': {e.Message}");

    public static Problem Pack(string folder, string name, Exception e) => new(ProblemKind.Failed, "segments.pack", $"cannot pack the segment '{name}' in '{folder}': {e.Message}")
    {
        Why = "it stays as it is, and is tried again",
    };

    public static Problem Open(string folder, Exception e) => new(ProblemKind.Failed, "segments.open", $"cannot open the segments in '{folder}': {e.Message}");

    public static Problem Truncated(string file, long bytes) =>
        new(ProblemKind.Damaged, "segments.torn", $"{bytes} bytes at the end of '{file}' were not whole and were cut off") { Why = "a crash interrupted the last write" };

    public static Problem Damaged(string file, long offset, long bytes) =>
        new(ProblemKind.Damaged, "segments.damaged", $"{bytes} bytes at {offset} of '{file}' are not what was written") { Why = "readers skip them and say so" };
}
