namespace Holdfast.Core.Shipping;

/// <summary>
/// Writes events as lines of JSON. One that is made of several lines is begun, continued and ended; what a service wrote as a JSON object becomes members of the event at once
/// (<see cref="JsonLine"/>).
/// </summary>
public static class EventWriter
{
    /// <summary>Begins an event with its first line as the message. <see cref="End"/> must follow.</summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="fields">Of its stream.</param>
    /// <param name="at">When it was captured.</param>
    /// <param name="sequence">Of its first line.</param>
    /// <param name="output">stdout, stderr; empty: neither.</param>
    /// <param name="line">Valid UTF-8, without its newline.</param>
    public static void Begin(EventBuffer to, EventFields fields, DateTimeOffset at, long sequence, ReadOnlySpan<byte> output, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(fields);
        to.Add("{\"@timestamp\":\""u8);
        to.AddTime(at);
        to.Add((byte)'"');
        AddIdentity(to, fields, sequence, output);
        to.Add(",\"message\":\""u8);
        to.AddEscaped(line);
    }

    /// <summary>The event goes on with another line.</summary>
    public static void Continue(EventBuffer to, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Add("\\n"u8);
        to.AddEscaped(line);
    }

    /// <summary>The event goes on with what was cut off the line before.</summary>
    public static void Resume(EventBuffer to, ReadOnlySpan<byte> rest)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.AddEscaped(rest);
    }

    public static void End(EventBuffer to)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Add("\"}\n"u8);
    }

    /// <summary>What comes after the time of each event: who it is, and what its stream has in common.</summary>
    internal static void AddIdentity(EventBuffer to, EventFields fields, long sequence, ReadOnlySpan<byte> output)
    {
        to.Add(",\"event.sequence\":"u8);
        to.AddNumber(sequence);
        if (!output.IsEmpty)
        {
            to.Add(",\"labels.stream\":\""u8);
            to.Add(output);
            to.Add((byte)'"');
        }

        to.Add(",\"event.id\":\""u8);
        to.Add(fields.Ids.Span);
        to.AddNumber(sequence);
        to.Add(fields.Common.Span);
    }
}
