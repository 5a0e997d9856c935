using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sources.Segments;

/// <summary>One stream of a node's segments, read as the node's own sinks read it: with the same ids. How far it is stands in a cursor of the relay's.</summary>
public sealed class SegmentSource : IEventSource
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly ShippedFolder shipped;
    private readonly StreamReading reading;
    private readonly SegmentEnds ends = new();
    private readonly TimeProvider time;
    private StreamShare? unsettled;

    private SegmentSource(ShippedFolder shipped, StreamReading reading, TimeProvider time) => (this.shipped, this.reading, this.time) = (shipped, reading, time);

    public bool IsAtEnd => !HasMore && !reading.Waits;

    public bool HasEnded => false;

    public string? Trouble => reading.Trouble;

    public IReadOnlyList<SourceStream> Streams => [new(shipped.Stream.Name, reading.Standing.Count, Written)];

    /// <summary>Throws IOException and UnauthorizedAccessException.</summary>
    /// <param name="shipped">Its folder need not exist yet.</param>
    /// <param name="place">Where the cursor is, or will be.</param>
    /// <param name="fromNow">It begins with what comes; false: with the oldest that is there.</param>
    /// <param name="time">For pauses.</param>
    public static SegmentSource Open(ShippedFolder shipped, SinkPlace place, bool fromNow, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(shipped);
        ArgumentNullException.ThrowIfNull(place);
        Directory.CreateDirectory(place.Cursors);
        return new(shipped, StreamReading.Open(shipped, place.CursorOf(shipped.Stream), fromNow, time), time);
    }

    public async Task FillAsync(EventBatch batch, int most, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        unsettled = reading.Fill(batch, most);
        if (batch.Events.Count == 0) await Task.Delay(reading.Waits ? StreamReading.Pause : LookEvery, time, cancel);
    }

    public void Settle(IReadOnlyList<long> putAside)
    {
        ArgumentNullException.ThrowIfNull(putAside);
        // A stream at rest costs the disk nothing.
        if (unsettled is not { } share) return;
        unsettled = null;
        reading.Settle(share, share.Number < putAside.Count ? putAside[share.Number] : 0, isLasting: true);
    }

    public ValueTask DisposeAsync()
    {
        reading.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool HasMore => Written > reading.Standing.Count.Next && reading.Trouble is null;

    private long Written
    {
        get
        {
            try
            {
                return Math.Max(ends.NextSequence(shipped.Folder), reading.Standing.Count.Next);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is not there: nothing is to come.
                return reading.Standing.Count.Next;
            }
        }
    }
}
