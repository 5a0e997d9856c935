using Holdfast.Core.Auditing;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Auditing;

/// <summary>
/// A line of a file with its newline, or a last one that was not wholly written (not <see cref="Complete"/>): its newline is missing, or
/// a power cut has kept its end and not what stands before, which then reads as zeros. No entry holds a zero byte.
/// </summary>
internal readonly record struct RawLine(ReadOnlyMemory<byte> Content, int Number, long Offset, bool Complete);

/// <summary>Reads the lines of a log's file in one pass, holding no more than the longest line.</summary>
internal static class AuditLines
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>The content of a line is valid until the next one is asked for. A line that is too long comes in pieces, each given as a line: they are no entries.</summary>
    public static IEnumerable<RawLine> Read(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        foreach (var line in Read(handle, long.MaxValue))
            yield return line;
    }

    /// <summary>The lines of the first <paramref name="limit"/> bytes.</summary>
    /// <param name="from">Where a line begins: those before it are not read, and not numbered.</param>
    public static IEnumerable<RawLine> Read(SafeFileHandle file, long limit, long from = 0)
    {
        var buffer = new byte[FirstBuffer];
        int start = 0, end = 0, number = 0;
        long offset = from, position = from;
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0 || end - start >= AuditLine.LongestBytes)
            {
                var length = newline >= 0 ? newline + 1 : end - start;
                var torn = buffer.AsSpan(start, length).Contains((byte)0) && offset + length == Math.Min(limit, RandomAccess.GetLength(file));
                yield return new RawLine(buffer.AsMemory(start, length), ++number, offset, Complete: !torn);
                start += length;
                offset += length;
                continue;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (end == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var room = (int)Math.Min(buffer.Length - end, limit - position);
            var read = room == 0 ? 0 : RandomAccess.Read(file, buffer.AsSpan(end, room), position);
            if (read == 0)
                break;
            end += read;
            position += read;
        }

        if (end > start)
            yield return new RawLine(buffer.AsMemory(start, end - start), ++number, offset, Complete: false);
    }
}
