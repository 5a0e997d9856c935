using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Segments.Tests;

/// <summary>Short words for writing and reading in tests.</summary>
internal static class Output
{
    public static Problem? Write(this SegmentWriter writer, string lines, StreamKind stream = StreamKind.Stdout, DateTimeOffset? at = null) =>
        writer.Append(stream, BlockFlags.None, at ?? DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(lines), lines.Count(c => c == '\n'));

    /// <summary>Everything from a start on, a line each: <c>3 stdout text</c>.</summary>
    public static List<string> Read(string folder, SegmentStart start)
    {
        using var reader = SegmentReader.Open(folder, start, TimeProvider.System);
        return reader.ReadAll();
    }

    public static List<string> Read(string folder) => Read(folder, SegmentStart.Beginning);

    public static List<string> ReadAll(this SegmentReader reader)
    {
        var lines = new List<string>();
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split())
                lines.Add($"{line.Sequence} {line.Stream.Name()} {Encoding.UTF8.GetString(line.Text.Span)}");
        }

        return lines;
    }
}
