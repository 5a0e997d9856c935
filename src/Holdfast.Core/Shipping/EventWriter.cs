namespace Holdfast.Core.Shipping;

/// <summary>
/// Writes events as lines of JSON. One that is made of several lines is begun, continued and ended; what a service wrote as a JSON object becomes members of the event at once
/// (<see cref="JsonLine"/>).
/// </summary>
public static class EventWriter
{
    /// <summary>Begins an event with its first line as the message. <see cref="End"/> must follow.</summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="template">Of its block.</param>
    /// <param name="sequence">Of its first line.</param>
    /// <param name="line">Valid UTF-8, without its newline.</param>
    public static void Begin(EventBuffer to, EventTemplate template, long sequence, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(template);
        to.Add(template.Opening);
        to.AddNumber(sequence);
        to.Add(template.Id);
        to.AddNumber(sequence);
        to.Add(template.Message);
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
}
