using System.Text;
using System.Text.Json;
using Holdfast.Core.Shipping;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Shipping;

/// <summary>Reads a sink's dead letters to send them again: those that there are when it begins, from where the last time ended.</summary>
internal sealed class LetterReading : IDisposable
{
    private readonly CursorFile cursor;
    private readonly JournalReader reader;
    private readonly long end;
    private StreamCount settled;
    private long reach;

    private LetterReading(CursorFile cursor, JournalReader reader, StreamCount settled, long end) =>
        (this.cursor, this.reader, this.settled, this.end, reach) = (cursor, reader, settled, end, settled.Next);

    /// <summary>The number of the first letter that was not sent again.</summary>
    public static long Next(SinkPlace place)
    {
        if (!File.Exists(place.Retried)) return 1;
        using var cursor = CursorFile.Open(place.Retried);
        return cursor.Position?.Count.Next ?? 1;
    }

    /// <summary>Throws IOException and UnauthorizedAccessException.</summary>
    public static LetterReading Open(SinkPlace place, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place.Retried)!);
        var cursor = CursorFile.Open(place.Retried);
        try
        {
            var settled = cursor.Position?.Count ?? new StreamCount(1, 1, 0, 0, 0);
            return new(cursor, JournalReader.Open(place.DeadLetters, settled.Next, time), settled, new SegmentEnds().NextSequence(place.DeadLetters));
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    /// <returns>False: there is none left.</returns>
    public bool Fill(EventBatch batch, int most)
    {
        batch.Clear();
        while (reach < end && batch.Buffer.Length < most && reader.TryRead() is { } record)
        {
            reach = record.Sequence + record.Records;
            if (record.Lost is null) Add(batch, record.Json);
        }

        if (batch.Events.Count == 0 && reach > settled.Next) Settle(0);
        return batch.Events.Count > 0;
    }

    /// <summary>What was read last is sent.</summary>
    /// <param name="refused">Events of it, again.</param>
    public void Settle(int refused)
    {
        settled = settled with { Next = reach, PutAside = settled.PutAside + refused, Delivered = settled.Delivered + reach - settled.Next - refused };
        cursor.Write(new(Guid.Empty, settled), isLasting: true);
    }

    public void Dispose()
    {
        reader.Dispose();
        cursor.Dispose();
    }

    private static void Add(EventBatch batch, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var letter = JsonDocument.Parse(json);
            var document = letter.RootElement.GetProperty("event");
            var id = document.GetProperty("event.id").GetString()!;
            var lines = letter.RootElement.GetProperty("lines").GetInt32();
            var number = batch.Begin("", letter.RootElement.GetProperty("stream").GetString()!);
            var start = batch.Buffer.Length;
            batch.Buffer.Add(Encoding.UTF8.GetBytes(document.GetRawText()));
            batch.Buffer.Add((byte)'\n');
            batch.Add(new(start, batch.Buffer.Length - start, number, 0, lines), id);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Damaged: nobody could be sent it.
        }
    }
}
