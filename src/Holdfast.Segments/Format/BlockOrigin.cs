using System.Buffers.Text;
using System.Text;

namespace Holdfast.Segments;

/// <summary>
/// Where the lines of a block were read from. It stands in the block itself: whoever begins to read anywhere knows it, and lines and the place behind them are on the disk together or not
/// at all.
/// </summary>
/// <param name="Path">Of the file, as a reader of the output is to see it.</param>
/// <param name="Begin">Where in the file the first line begins, in bytes.</param>
/// <param name="End">Behind the last line, in bytes.</param>
/// <param name="State">What the writer needs beside it to go on from there; nobody else's business.</param>
public sealed record BlockOrigin(string Path, long Begin, long End, string State)
{
    /// <summary>In bytes, as it stands in a block.</summary>
    public const int Longest = 32 << 10;

    /// <summary>Four fields between tabs, one line.</summary>
    internal byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Plain(Path)}\t{Begin}\t{End}\t{Plain(State)}\n");

    /// <summary>Null if that is none.</summary>
    internal static BlockOrigin? Parse(ReadOnlySpan<byte> bytes)
    {
        Span<Range> fields = stackalloc Range[5];
        var line = bytes.TrimEnd((byte)'\n');
        var count = 0;
        foreach (var range in line.Split((byte)'\t'))
        {
            if (count == 4) return null;
            fields[count++] = range;
        }

        if (count != 4 || !Utf8Parser.TryParse(line[fields[1]], out long begin, out _) || !Utf8Parser.TryParse(line[fields[2]], out long end, out _)) return null;
        return new(Encoding.UTF8.GetString(line[fields[0]]), begin, end, Encoding.UTF8.GetString(line[fields[3]]));
    }

    private static string Plain(string text) => text.AsSpan().ContainsAny('\t', '\n') ? text.Replace('\t', ' ').Replace('\n', ' ') : text;
}
