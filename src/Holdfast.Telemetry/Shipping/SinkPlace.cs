using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Shipping;

/// <summary>What a sink keeps of its own on disk: a cursor per stream, and its dead letters.</summary>
/// <param name="Folder">Of all sinks of the node.</param>
/// <param name="Sink">Its name, which is a folder's.</param>
public sealed record SinkPlace(string Folder, string Sink)
{
    public string Cursors => Path.Combine(Folder, Sink, "cursors");

    /// <summary>Segments of events that the receiver refused for good.</summary>
    public string DeadLetters => Path.Combine(Folder, Sink, "dead-letter");

    /// <summary>How far its dead letters were sent again.</summary>
    public string Retried => Path.Combine(Folder, Sink, "retried.cursor");

    /// <summary>The number of the first dead letter that was not sent again. Throws IOException and UnauthorizedAccessException.</summary>
    public long FirstNotRetried => LetterReading.Next(this);

    public string CursorOf(EventStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Path.Combine(Cursors, stream.Name + ".cursor");
    }
}
