namespace Holdfast.Core.Shipping;

/// <summary>
/// What the events of one block have in common, their stream's fields and the block's time and output, encoded once for all of its lines: an event is then three copies, its number and its
/// text. Not for several threads.
/// </summary>
public sealed class EventTemplate
{
    private readonly EventBuffer opening = new(256), identity = new(128), created = new(256);
    private readonly byte[] id, message, ending;

    public EventTemplate(EventFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = fields;
        id = [.. ",\"event.id\":\""u8, .. fields.Ids.Span];
        message = [.. fields.Common.Span, .. ",\"message\":\""u8];
        ending = [.. fields.Common.Span, .. "}\n"u8];
    }

    public EventFields Fields { get; }

    /// <summary>When the block was captured.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Up to the number of an event whose time is the block's.</summary>
    internal ReadOnlySpan<byte> Opening => opening.Written.Span;

    /// <summary>Behind the time of an event whose time is the block's, up to its number.</summary>
    internal ReadOnlySpan<byte> Identity => identity.Written.Span;

    /// <summary>Behind an event's own time, up to its number: with the block's.</summary>
    internal ReadOnlySpan<byte> Created => created.Written.Span;

    /// <summary>Between an event's number and its number in its id.</summary>
    internal ReadOnlySpan<byte> Id => id;

    /// <summary>Behind an event's id, up to its text.</summary>
    internal ReadOnlySpan<byte> Message => message;

    /// <summary>Behind an event's id, where nothing follows.</summary>
    internal ReadOnlySpan<byte> Ending => ending;

    /// <summary>It is of another block now.</summary>
    /// <param name="at">When that was captured.</param>
    /// <param name="output">stdout, stderr, file; empty: none of them.</param>
    /// <param name="path">Of the file that it is from; empty: of none.</param>
    public EventTemplate Of(DateTimeOffset at, ReadOnlySpan<byte> output, ReadOnlySpan<byte> path = default)
    {
        At = at;
        identity.Clear();
        identity.Add((byte)'"');
        if (!output.IsEmpty)
        {
            identity.Add(",\"labels.stream\":\""u8);
            identity.Add(output);
            identity.Add((byte)'"');
        }

        if (!path.IsEmpty)
        {
            identity.Add(",\"log.file.path\":\""u8);
            identity.AddEscaped(path);
            identity.Add((byte)'"');
        }

        identity.Add(",\"event.sequence\":"u8);
        opening.Clear();
        opening.Add("{\"@timestamp\":\""u8);
        opening.AddTime(at);
        opening.Add(Identity);
        created.Clear();
        created.Add("\",\"event.created\":\""u8);
        created.AddTime(at);
        created.Add(Identity);
        return this;
    }
}
