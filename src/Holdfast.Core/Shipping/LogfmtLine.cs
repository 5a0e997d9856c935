namespace Holdfast.Core.Shipping;

/// <summary>
/// A line of <c>key=value</c> pairs, as Heroku, Go's slog and logrus write them: its pairs become members of the event. A value with blanks stands in quotes, with the escapes of Go and JSON; a
/// key without a value is true.
/// </summary>
public static class LogfmtLine
{
    /// <summary>Writes the event, newline included.</summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="template">Of its block, whose time is the event's if the line names none.</param>
    /// <param name="sequence">Of the line.</param>
    /// <param name="line">Valid UTF-8.</param>
    /// <returns>False: there is no pair in it, or it is broken, and nothing was written.</returns>
    public static bool TryWrite(EventBuffer to, EventTemplate template, long sequence, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(template);
        var start = to.Length;
        to.Add((byte)'{');
        var members = new LineMembers(to, template.At, null);
        var unescaped = new EventBuffer(0);
        var pairs = 0;
        for (var rest = line.TrimStart((byte)' '); !rest.IsEmpty; rest = rest.TrimStart((byte)' '))
        {
            var end = rest.IndexOfAny((byte)'=', (byte)' ', (byte)'"');
            var key = end < 0 ? rest : rest[..end];
            if (key.IsEmpty) return None(to, start);
            rest = end < 0 ? [] : rest[end..];
            if (rest is [(byte)'"', ..]) return None(to, start);
            if (rest is not [(byte)'=', ..])
            {
                members.Add(key, "true"u8);
                continue;
            }

            pairs++;
            rest = rest[1..];
            if (rest is [(byte)'"', ..])
            {
                if (!TryUnquote(ref rest, unescaped)) return None(to, start);
                members.Add(key, unescaped.Written.Span);
                continue;
            }

            end = rest.IndexOf((byte)' ');
            members.Add(key, end < 0 ? rest : rest[..end]);
            rest = end < 0 ? [] : rest[end..];
        }

        if (pairs == 0) return None(to, start);
        members.End(line);
        JsonLine.End(to, template, sequence, members.At);
        return true;
    }

    private static bool None(EventBuffer to, int start)
    {
        to.CutTo(start);
        return false;
    }

    /// <param name="rest">Begins with the quote; afterwards behind the one that ends it.</param>
    /// <param name="text">What stood between them.</param>
    private static bool TryUnquote(ref ReadOnlySpan<byte> rest, EventBuffer text)
    {
        text.Clear();
        rest = rest[1..];
        while (rest.IndexOfAny((byte)'"', (byte)'\\') is var at and >= 0)
        {
            text.Add(rest[..at]);
            if (rest[at] == (byte)'"')
            {
                rest = rest[(at + 1)..];
                return rest.IsEmpty || rest[0] == (byte)' ';
            }

            if (at + 1 == rest.Length) return false;
            switch (rest[at + 1])
            {
                case (byte)'n':
                    text.Add((byte)'\n');
                    break;
                case (byte)'r':
                    text.Add((byte)'\r');
                    break;
                case (byte)'t':
                    text.Add((byte)'\t');
                    break;
                case (byte)'"' or (byte)'\\':
                    text.Add(rest[at + 1]);
                    break;
                default:
                    // One that is not known stays as it is.
                    text.Add(rest.Slice(at, 2));
                    break;
            }

            rest = rest[(at + 2)..];
        }

        return false;
    }
}
