using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Node.Shipping;

/// <summary>Events that a receiver refused for good and that were not sent again, read from their segments.</summary>
internal static class DeadLetterReading
{
    /// <param name="tail">Only the last so many; negative: all.</param>
    /// <param name="number">Only the one with this number, whatever tail says; 0: it is not asked for.</param>
    public static IEnumerable<DeadLetter> Read(Home home, string sink, int tail, long number, TimeProvider time)
    {
        var place = new SinkPlace(home.Shipping, sink);
        // Those before were sent again: delivered, or put aside once more.
        var first = Math.Max(place.FirstNotRetried, number);
        using var reader = tail < 0 || number > 0 ? JournalReader.Open(place.DeadLetters, first, time) : JournalReader.OpenTail(place.DeadLetters, tail, time);
        while (reader.TryRead() is { } record)
        {
            if (record.Sequence < first) continue;
            if (number > 0 && record.Sequence != number) yield break;
            var letter = new DeadLetter { Sequence = record.Sequence, At = Timestamp.FromDateTimeOffset(record.At) };
            if (record.Lost is { } loss) letter.Reason = loss.ToString();
            else (letter.Reason, letter.Event) = Parts(record.Json);
            yield return letter;
        }
    }

    private static (string Reason, string Event) Parts(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return (document.RootElement.GetProperty("reason").GetString() ?? "", document.RootElement.GetProperty("event").GetRawText());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ("it is not in the form in which it was put aside", Encoding.UTF8.GetString(json.Span));
        }
    }
}
