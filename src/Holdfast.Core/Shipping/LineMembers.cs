namespace Holdfast.Core.Shipping;

/// <summary>
/// Writes the parts of a line that is no JSON (key=value, or what a pattern found) as members of its event. Time, level and message are found under the names that loggers give them; a name
/// that is the event's own goes under <c>line.</c>.
/// </summary>
internal ref struct LineMembers(EventBuffer to, DateTimeOffset captured, string? timeFormat)
{
    /// <summary>No more digits than a number has that comes out of every reader as it went in.</summary>
    private const int MostDigits = 15;

    private readonly EventBuffer to = to;
    private readonly string? timeFormat = timeFormat;
    private bool hasTime, hasLevel, hasMessage;

    /// <summary>Its time: what it says itself, else when it was captured.</summary>
    public DateTimeOffset At { get; private set; } = captured;

    /// <param name="name">As the line gives it.</param>
    /// <param name="value">Valid UTF-8. What is a number as JSON writes them is one in the event.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var part = LineNames.Of(name);
        if (!hasTime && part == LinePart.Time && LineTime.TryParse(value, timeFormat, out var said))
            (At, hasTime) = (said, true);
        else if (!hasLevel && part == LinePart.Level)
            hasLevel = Write([], "log.level"u8, value, isText: true);
        else if (!hasMessage && part == LinePart.Message)
            hasMessage = Write([], "message"u8, value, isText: true);
        else
            Write(LineNames.IsOurs(part, name) ? "line."u8 : [], name, value, isText: !IsNumber(value));
    }

    /// <summary>A line of which no part is the message is the message itself.</summary>
    public readonly void End(ReadOnlySpan<byte> line)
    {
        if (!hasMessage) Write([], "message"u8, line, isText: true);
    }

    private readonly bool Write(ReadOnlySpan<byte> before, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isText)
    {
        to.Add((byte)'"');
        to.Add(before);
        to.AddEscaped(name);
        to.Add(isText ? "\":\""u8 : "\":"u8);
        if (isText) to.AddEscaped(value);
        else to.Add(value);
        to.Add(isText ? "\","u8 : ","u8);
        return true;
    }

    /// <summary>By JSON's grammar, without an exponent.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'-', ..]) text = text[1..];
        var whole = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end && end < 0 ? text.Length : end;
        if (whole == 0 || text.Length > MostDigits || (whole > 1 && text[0] == (byte)'0')) return false;
        if (whole == text.Length) return true;
        return text[whole] == (byte)'.' && whole + 1 < text.Length && !text[(whole + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
