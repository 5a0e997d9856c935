using Holdfast.Segments.Files;
using Holdfast.Segments.Reading;

namespace Holdfast.Segments;

/// <summary>
/// Reads the lines of one folder of segments in order, while it is written or not; it needs no writer and holds none up. Each sequence
/// from the start on is accounted for: as a line, as a loss that was counted when it happened, or as a gap that was found in reading.
/// </summary>
/// <remarks>Not safe for several threads. Blocks that it gives out are valid until the next read.</remarks>
public sealed class SegmentReader : IDisposable
{
    private readonly ISegmentFolder folder;
    private readonly SegmentCursor cursor;
    private readonly TimeProvider time;
    private GrowthWatch? watch;
    private long expected;
    private long earliest = long.MinValue;
    private Guid setId;

    private SegmentReader(ISegmentFolder folder, TimeProvider time)
    {
        (this.folder, this.time) = (folder, time);
        cursor = new(folder);
    }

    /// <summary>The sequence that comes next; 0 when the reader takes whatever is first.</summary>
    public long NextSequence => expected;

    /// <summary>Behind what was read.</summary>
    public SegmentPlace Place => new(setId, expected);

    /// <summary>Bytes that were skipped because they are not what was written.</summary>
    public long DamagedBytes => cursor.DamagedBytes;

    /// <summary>In how many places.</summary>
    public int DamagedRanges => cursor.DamagedRanges;

    /// <summary>The folder need not exist yet. Throws IOException when it cannot be read.</summary>
    /// <param name="keys">For segments that are encrypted; null: there are none.</param>
    public static SegmentReader Open(string folder, SegmentStart start, TimeProvider time, SegmentKeys? keys = null) => Open(new DiskFolder(folder, keys), start, time);

    internal static SegmentReader Open(ISegmentFolder folder, SegmentStart start, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(start);
        var reader = new SegmentReader(folder, time);
        reader.Begin(start);
        return reader;
    }

    /// <summary>The next block; false when there is none now (there may be later: <see cref="WaitAsync"/>).</summary>
    public bool TryRead(out SegmentBlock block)
    {
        while (cursor.TryPeek(out var header, out var payload))
        {
            if (cursor.SetId != setId) BeginAnew();
            if (header.NextSequence <= expected || header.UnixNanoseconds < earliest)
            {
                cursor.MoveBehind(header);
                continue;
            }

            earliest = long.MinValue;
            if (expected > 0 && header.Sequence > expected)
            {
                block = Gap(expected, header);
                expected = header.Sequence;
                return true;
            }

            cursor.MoveBehind(header);
            block = Block(header, payload);
            expected = header.NextSequence;
            return true;
        }

        block = default;
        return false;
    }

    /// <summary>Returns when the folder has changed, or after half a second: read again.</summary>
    public Task WaitAsync(CancellationToken cancel)
    {
        if (watch is not null) return watch.WaitAsync(cancel);
        // What came before it was watched is found by reading once more.
        watch = new(folder.Path, time);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        watch?.Dispose();
        cursor.Dispose();
    }

    private void Begin(SegmentStart start)
    {
        switch (start)
        {
            case SegmentStart.AtSequence { First: <= 0 }:
                break;
            case SegmentStart.AtSequence at:
                expected = at.First;
                SegmentSeek.ToSequence(cursor, folder, expected);
                break;
            case SegmentStart.AtPlace at:
                BeginAtPlace(at.Place);
                return;
            case SegmentStart.AtTime at:
                earliest = UnixTime.ToNanoseconds(at.From);
                SegmentSeek.ToTime(cursor, folder, at.From);
                break;
            case SegmentStart.AtTail tail:
                BeginAtTail(tail.Lines);
                break;
            default:
                throw new InvalidOperationException($"Unknown start: {start}");
        }

        setId = cursor.SetId;
    }

    private void BeginAtPlace(SegmentPlace place)
    {
        (setId, expected) = (place.Set, place.Next);
        SegmentSeek.ToSequence(cursor, folder, expected);
        if (cursor.SetId == Guid.Empty || cursor.SetId == setId) return;
        // Another numbering: the cursor stands somewhere in the middle of it.
        if (folder.List() is [var oldest, ..]) cursor.Enter(oldest);
        BeginAnew();
    }

    private void BeginAtTail(long lines)
    {
        var first = folder.List() is [var oldest, ..] ? oldest.FirstSequence : 1;
        var next = SegmentSeek.NextSequence(cursor, folder);
        expected = Math.Max(next - Math.Max(lines, 0), first);
        SegmentSeek.ToSequence(cursor, folder, expected);
    }

    private void BeginAnew()
    {
        if (setId != Guid.Empty) expected = 0;
        setId = cursor.SetId;
    }

    private SegmentBlock Block(BlockHeader header, ReadOnlyMemory<byte> payload)
    {
        var at = UnixTime.FromNanoseconds(header.UnixNanoseconds);
        var (sequence, lines, flags) = (header.Sequence, header.Lines, header.Flags);
        var origin = header.OriginLength > 0 ? BlockOrigin.Parse(payload.Span[..header.OriginLength]) : null;
        payload = payload[header.OriginLength..];
        if ((flags & BlockFlags.Lost) == 0 && sequence < expected)
        {
            for (; sequence < expected; sequence++, lines--)
                payload = payload[(payload.Span.IndexOf((byte)'\n') + 1)..];
            flags &= ~BlockFlags.Resumed;
        }

        return new(sequence, at, header.Stream, flags, lines, payload) { Origin = origin };
    }

    private static SegmentBlock Gap(long from, BlockHeader next)
    {
        var loss = new Loss(null, next.Sequence - from, 0, "they are damaged, or were deleted by retention before they were read");
        return new(from, UnixTime.FromNanoseconds(next.UnixNanoseconds), StreamKind.Holdfast, BlockFlags.Lost | BlockFlags.Gap, loss.Lines, loss.ToPayload());
    }
}
