namespace Holdfast.Core.Shipping;

/// <summary>A line that is a JSON object, as loggers write them: its members become the event's.</summary>
public static class JsonLine
{
    private const int DeepestNesting = 32;

    /// <summary>
    /// Writes the event, newline included. Time, level and message are found under the names that loggers give them; a name that is the event's own goes under <c>line.</c>; all else is
    /// copied as it is.
    /// </summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="template">Of its block, whose time is the event's if the line names none.</param>
    /// <param name="sequence">Of the line.</param>
    /// <param name="line">Valid UTF-8.</param>
    /// <returns>False: it is no JSON object, and nothing was written.</returns>
    public static bool TryWrite(EventBuffer to, EventTemplate template, long sequence, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(template);
        if (line.IsEmpty || line[0] != (byte)'{' || line.TrimEnd((byte)' ') is not [.., (byte)'}']) return false;
        var start = to.Length;
        var at = template.At;
        to.Add((byte)'{');
        if (!TryAddMembers(to, line, template.Fields.Author, ref at))
        {
            // It only looks like one: it is kept as it is, as any text.
            to.CutTo(start);
            return false;
        }

        End(to, template, sequence, at);
        return true;
    }

    /// <summary>What stands behind the members of a line that has some.</summary>
    /// <param name="to">Where they are, a comma behind each.</param>
    /// <param name="template">Of its block.</param>
    /// <param name="sequence">Of the line.</param>
    /// <param name="at">Its time, by its own word or its block's.</param>
    /// <param name="number">That it has where it was written; null: its sequence.</param>
    internal static void End(EventBuffer to, EventTemplate template, long sequence, DateTimeOffset at, long? number = null)
    {
        to.Add("\"@timestamp\":\""u8);
        to.AddTime(at);
        to.Add(at == template.At ? template.Identity : template.Created);
        to.AddNumber(number ?? sequence);
        to.Add(template.Id);
        to.AddNumber(sequence);
        to.Add(template.Ending);
    }

    /// <summary>Writes the members of a line's object, each ended by a comma.</summary>
    /// <param name="at">The line's own time, where it says one.</param>
    /// <returns>False: it is no object, and nothing was written.</returns>
    internal static bool TryAddMembers(EventBuffer to, ReadOnlySpan<byte> line, LineAuthor author, ref DateTimeOffset at)
    {
        var members = new JsonMembers(line, DeepestNesting);
        var copy = new MemberCopy(to, line);
        var (time, hasTime, hasLevel, hasMessage, isJournal) = (at, false, false, false, author == LineAuthor.Journal);
        while (members.TryNext(out var member))
        {
            // Between the quotes, escapes as they are: a name with any is none that we look for.
            var name = line[member.Name..member.NameEnd];
            var part = LineNames.Of(name);
            if (part == LinePart.Other && author is (LineAuthor.Service or LineAuthor.Agent))
            {
                copy.Keep(member);
                continue;
            }

            if (!hasTime && (part == LinePart.Time || (isJournal && name.SequenceEqual("at"u8))) && LineTime.TryValue(line[member.Value..member.End], out var said))
            {
                (time, hasTime) = (said, true);
                continue;
            }

            var isText = line[member.Value] == (byte)'"';
            if (isJournal && InSchema(name) is { IsEmpty: false } known)
            {
                copy.Rename(member, known);
            }
            else if (isText && !hasLevel && part == LinePart.Level)
            {
                copy.Rename(member, "\"log.level\":"u8);
                hasLevel = true;
            }
            else if (isText && !hasMessage && part == LinePart.Message)
            {
                copy.Rename(member, "\"message\":"u8);
                hasMessage = true;
            }
            else if (IsAside(author, part, name))
            {
                copy.PutAside(member);
            }
            else
            {
                copy.Keep(member);
            }
        }

        if (!members.IsWhole) return false;
        copy.End();
        at = time;
        return true;
    }

    /// <summary>What a member of a journal's record is called there, with quotes and colon; empty: it has no name in it.</summary>
    private static ReadOnlySpan<byte> InSchema(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("kind"u8) ? "\"event.action\":"u8 : name.SequenceEqual("reason"u8) ? "\"message\":"u8 : name.SequenceEqual("service"u8) ? "\"service.name\":"u8
        : name.SequenceEqual("instance"u8) ? "\"service.node.name\":"u8 : name.SequenceEqual("pid"u8) ? "\"process.pid\":"u8 : [];

    private static bool IsAside(LineAuthor author, LinePart part, ReadOnlySpan<byte> name) => author switch
    {
        LineAuthor.Agent => false,
        LineAuthor.Relayed => IsRelays(name),
        _ => LineNames.IsOurs(part, name),
    };

    /// <summary>The names of an event that is relayed: two of the same name are one too many for who indexes them.</summary>
    private static bool IsRelays(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("@timestamp"u8) || name.SequenceEqual("message"u8) || name.SequenceEqual("log.level"u8)) return true;
        var dot = name.IndexOf((byte)'.');
        var first = dot < 0 ? name : name[..dot];
        return first.SequenceEqual("event"u8) || first.SequenceEqual("ecs"u8) || first.SequenceEqual("kafka"u8) || first.SequenceEqual("line"u8);
    }
}
