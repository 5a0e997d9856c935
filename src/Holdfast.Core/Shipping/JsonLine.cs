using System.Text.Json;

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
        try
        {
            to.Add((byte)'{');
            AddMembers(to, line, template.Fields.Author, ref at);
        }
        catch (JsonException)
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
        if (at != template.At)
        {
            to.Add("\",\"event.created\":\""u8);
            to.AddTime(template.At);
        }

        to.Add((byte)'"');
        EventWriter.AddIdentity(to, template, sequence, number ?? sequence);
        to.Add("}\n"u8);
    }

    /// <summary>Writes the members of a line's object, each ended by a comma. Throws JsonException where it is none.</summary>
    internal static void AddMembers(EventBuffer to, ReadOnlySpan<byte> line, LineAuthor author, ref DateTimeOffset at)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DeepestNesting });
        reader.Read();
        var (hasTime, hasLevel, hasMessage, isJournal) = (false, false, false, author == LineAuthor.Journal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Between the quotes, escapes as they are: a name with any is none that we look for.
            var name = reader.ValueSpan;
            reader.Read();
            var begin = (int)reader.TokenStartIndex;
            var isText = reader.TokenType == JsonTokenType.String;
            var part = LineNames.Of(name);
            if (!hasTime && (part == LinePart.Time || (isJournal && name.SequenceEqual("at"u8))) && Says(ref reader, out var said))
            {
                (at, hasTime) = (said, true);
                continue;
            }

            reader.Skip();
            var value = line[begin..(int)reader.BytesConsumed];
            if (isJournal && InSchema(name) is { IsEmpty: false } known)
            {
                Member(to, false, known, value);
            }
            else if (isText && !hasLevel && part == LinePart.Level)
            {
                Member(to, false, "log.level"u8, value);
                hasLevel = true;
            }
            else if (isText && !hasMessage && part == LinePart.Message)
            {
                Member(to, false, "message"u8, value);
                hasMessage = true;
            }
            else
            {
                Member(to, IsAside(author, part, name), name, value);
            }
        }

        // Nothing may follow, or it is not one object.
        if (reader.Read()) throw new JsonException("more than one value");
    }

    /// <summary>As text (ISO 8601), or as a number since 1970, as zap and pino have it.</summary>
    private static bool Says(ref Utf8JsonReader reader, out DateTimeOffset at)
    {
        at = default;
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.TryGetDateTimeOffset(out at),
            JsonTokenType.Number => LineTime.TryNumber(reader.ValueSpan, out at),
            _ => false,
        };
    }

    private static void Member(EventBuffer to, bool aside, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        to.Add((byte)'"');
        if (aside) to.Add("line."u8);
        to.Add(name);
        to.Add("\":"u8);
        to.Add(value);
        to.Add((byte)',');
    }

    /// <summary>What a member of a journal's record is called there; empty: it has no name in it.</summary>
    private static ReadOnlySpan<byte> InSchema(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("kind"u8) ? "event.action"u8 : name.SequenceEqual("reason"u8) ? "message"u8 : name.SequenceEqual("service"u8) ? "service.name"u8
        : name.SequenceEqual("instance"u8) ? "service.node.name"u8 : name.SequenceEqual("pid"u8) ? "process.pid"u8 : [];

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
