using System.Buffers.Text;
using System.Text;

namespace Holdfast.Segments;

/// <summary>Lines that are not there, and why: what the block of a counted loss says.</summary>
/// <param name="Stream">Whose lines they were; null when that is not known (damage).</param>
/// <param name="Lines">How many; each has its sequence number.</param>
/// <param name="Bytes">How many bytes they had; 0 when that is not known.</param>
/// <param name="Reason">In words.</param>
public sealed record Loss(StreamKind? Stream, long Lines, long Bytes, string Reason)
{
    /// <summary>One sentence for a reader of the output.</summary>
    public override string ToString()
    {
        var lines = Lines == 1 ? "1 line" : $"{Lines} lines";
        var size = Bytes > 0 ? $" ({Bytes} bytes)" : "";
        var whose = Stream is { } stream ? $" of {stream.Name()}" : "";
        return $"{lines}{size}{whose} lost: {Reason}";
    }

    /// <summary>The payload of its block: four fields between tabs, one line.</summary>
    internal byte[] ToPayload()
    {
        var reason = Reason.Replace('\t', ' ').Replace('\n', ' ');
        return Encoding.UTF8.GetBytes($"{Stream?.Name() ?? "?"}\t{Lines}\t{Bytes}\t{reason}\n");
    }

    /// <summary>False if that is not the payload of a loss.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Loss loss)
    {
        loss = new(null, 0, 0, "");
        Span<Range> fields = stackalloc Range[4];
        var line = payload.TrimEnd((byte)'\n');
        var count = 0;
        foreach (var range in line.Split((byte)'\t'))
        {
            if (count == 4) return false;
            fields[count++] = range;
        }

        if (count != 4) return false;
        if (!Utf8Parser.TryParse(line[fields[1]], out long lines, out _) || !Utf8Parser.TryParse(line[fields[2]], out long bytes, out _))
            return false;
        loss = new(StreamKindNames.Parse(line[fields[0]]), lines, bytes, Encoding.UTF8.GetString(line[fields[3]]));
        return true;
    }
}
