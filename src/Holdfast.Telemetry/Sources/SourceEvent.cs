using System.Text.Unicode;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sources;

/// <summary>What a source read, as an event of a batch.</summary>
internal static class SourceEvent
{
    /// <summary>An event of ours stays as it is, id and all; whatever else it is becomes one.</summary>
    /// <param name="number">Of the stream in the batch.</param>
    /// <param name="sequence">Its place in the stream.</param>
    /// <param name="lines">As how many it counts.</param>
    /// <param name="text">Any bytes.</param>
    /// <param name="dataset">Where it comes from, in a word.</param>
    /// <param name="at">When it was written, as far as is known.</param>
    /// <param name="id">If it has none of its own.</param>
    /// <param name="more">Adds members of the source's own.</param>
    public static void Add(EventBatch batch, int number, long sequence, int lines, ReadOnlySpan<byte> text, string dataset, DateTimeOffset at, string id, Action<EventBuffer> more)
    {
        var start = batch.Buffer.Length;
        var own = Utf8.IsValid(text) ? EcsLine.TryCopy(batch.Buffer, text.Trim(" \t\r\n"u8)) : "";
        if (own.Length == 0)
        {
            RelayedLine.Begin(batch.Buffer, dataset, at, sequence, id, text);
            more(batch.Buffer);
            RelayedLine.End(batch.Buffer);
        }

        batch.Add(new(start, batch.Buffer.Length - start, number, sequence, lines), own.Length > 0 ? own : id);
    }
}
