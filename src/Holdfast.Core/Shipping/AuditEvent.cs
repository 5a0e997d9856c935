using System.Text;
using Holdfast.Core.Auditing;

namespace Holdfast.Core.Shipping;

/// <summary>
/// An entry of an audit log as an event. Its number and its time are those of the entry, and <c>event.original</c> is the entry as the log has it: what was delivered can be verified as the
/// log itself is.
/// </summary>
public static class AuditEvent
{
    /// <summary>Writes the event, newline included.</summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="template">Of its block.</param>
    /// <param name="sequence">Of the line in its stream: the event's id ends with it.</param>
    /// <param name="line">Valid UTF-8, without its newline.</param>
    /// <returns>False: it is no entry, and nothing was written.</returns>
    public static bool TryWrite(EventBuffer to, EventTemplate template, long sequence, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(template);
        if (line.IsEmpty || line[0] != (byte)'{' || AuditLine.Parse([.. line, (byte)'\n'], out _) is not { } entry) return false;
        to.Add((byte)'{');
        foreach (var field in AuditEcs.Fields(entry)) Add(to, field);
        to.Add("\"event.original\":\""u8);
        to.AddEscaped(line);
        to.Add("\","u8);
        JsonLine.End(to, template, sequence, entry.At, entry.Sequence);
        return true;
    }

    private static void Add(EventBuffer to, EcsField field)
    {
        to.Add((byte)'"');
        to.Add(Encoding.UTF8.GetBytes(field.Name));
        to.Add("\":"u8);
        if (field.Text is { } text)
        {
            Add(to, text);
        }
        else if (field.Words is { } words)
        {
            to.Add((byte)'[');
            foreach (var (place, word) in words.Index())
            {
                if (place > 0) to.Add((byte)',');
                Add(to, word);
            }

            to.Add((byte)']');
        }
        else
        {
            to.AddNumber(field.Number);
        }

        to.Add((byte)',');
    }

    private static void Add(EventBuffer to, string text)
    {
        to.Add((byte)'"');
        to.AddEscaped(Encoding.UTF8.GetBytes(text));
        to.Add((byte)'"');
    }
}
