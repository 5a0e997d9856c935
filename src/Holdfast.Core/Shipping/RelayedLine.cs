using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Holdfast.Core.Shipping;

/// <summary>
/// Writes what another program wrote as an event, whatever it is: a JSON object gives its members, all else is the message. What it says itself of service and host stands; nothing of it is refused, and
/// bytes that are no text are kept beside it.
/// </summary>
public static class RelayedLine
{
    /// <summary>Begins the event. Members may be added with <see cref="Add(EventBuffer, string, ReadOnlySpan{byte})"/>; <see cref="End"/> must follow.</summary>
    /// <param name="to">Where it is written to.</param>
    /// <param name="dataset">Where it comes from, in a word.</param>
    /// <param name="at">When it was written, as far as is known: its time, if it names none itself.</param>
    /// <param name="sequence">Its place there.</param>
    /// <param name="id">By <see cref="EventIds.IsValid"/>.</param>
    /// <param name="text">Any bytes.</param>
    public static void Begin(EventBuffer to, string dataset, DateTimeOffset at, long sequence, string id, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(to);
        var isText = Utf8.IsValid(text);
        var start = to.Length;
        var (said, isObject) = (at, isText && TryAddObject(to, text.Trim(" \t\r\n"u8), ref at));
        if (!isObject)
        {
            to.CutTo(start);
            to.Add((byte)'{');
        }

        to.Add("\"@timestamp\":\""u8);
        to.AddTime(at);
        to.Add((byte)'"');
        if (at != said)
        {
            to.Add(",\"event.created\":\""u8);
            to.AddTime(said);
            to.Add((byte)'"');
        }

        Add(to, "event.sequence", sequence);
        Add(to, "event.id", Encoding.UTF8.GetBytes(id));
        Add(to, "event.kind", "event"u8);
        Add(to, "event.dataset", Encoding.UTF8.GetBytes(dataset));
        Add(to, "ecs.version", Encoding.UTF8.GetBytes(EventFields.EcsVersion));
        if (isObject) return;
        Add(to, "message", isText ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
        if (!isText) AddBytes(to, "line.base64", text);
    }

    /// <param name="name">Nothing in it is escaped.</param>
    /// <param name="value">Valid UTF-8.</param>
    public static void Add(EventBuffer to, string name, ReadOnlySpan<byte> value)
    {
        AddName(to, name);
        to.Add((byte)'"');
        to.AddEscaped(value);
        to.Add((byte)'"');
    }

    public static void Add(EventBuffer to, string name, long value)
    {
        AddName(to, name);
        to.AddNumber(value);
    }

    /// <summary>As text, where it is; else in base64, under the name with <c>.base64</c>.</summary>
    public static void AddAny(EventBuffer to, string name, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value)) Add(to, name, value);
        else AddBytes(to, name + ".base64", value);
    }

    public static void End(EventBuffer to)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Add("}\n"u8);
    }

    private static bool TryAddObject(EventBuffer to, ReadOnlySpan<byte> line, ref DateTimeOffset at)
    {
        if (line is not [(byte)'{', .., (byte)'}']) return false;
        var (start, said) = (to.Length, at);
        to.Add((byte)'{');
        // What only looks like one is kept as it is, as any text.
        if (!JsonLine.TryAddMembers(to, line, LineAuthor.Relayed, ref at)) return false;
        if (!to.Written.Span[start..].ContainsAny((byte)'\n', (byte)'\r')) return true;
        // It is valid, so newlines are only between its words, and an event is one line.
        to.CutTo(start);
        at = said;
        var flat = line.ToArray();
        flat.AsSpan().Replace((byte)'\n', (byte)' ');
        flat.AsSpan().Replace((byte)'\r', (byte)' ');
        to.Add((byte)'{');
        return JsonLine.TryAddMembers(to, flat, LineAuthor.Relayed, ref at);
    }

    private static void AddBytes(EventBuffer to, string name, ReadOnlySpan<byte> value)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(value.Length)];
        Base64.EncodeToUtf8(value, text, out _, out var written);
        Add(to, name, text.AsSpan(0, written));
    }

    private static void AddName(EventBuffer to, string name)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Add(",\""u8);
        to.Add(Encoding.UTF8.GetBytes(name));
        to.Add("\":"u8);
    }
}
