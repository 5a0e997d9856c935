using System.Text;
using Holdfast.Core.Shipping;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Shipping;

/// <summary>
/// One sink's reading of one stream: lines become events, and what was settled becomes the cursor. It reads ahead of the cursor by what is in the batch and in the one before that is still on its
/// way, and by an event that may still go on. What a batch has of it is a <see cref="StreamShare"/>, settled in the order in which they were read.
/// </summary>
internal sealed class StreamReading : IDisposable
{
    /// <summary>A line that comes later belongs to another event. Stack traces are written at once.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>An event does not become larger than a receiver takes.</summary>
    private const int LargestEvent = 512 << 10;

    private readonly string folder;
    private readonly CursorFile cursor;
    private readonly SegmentReader reader;
    private readonly TimeProvider time;
    private readonly EventBuffer carried = new(0);
    private EventTemplate template;
    private Guid set;
    private volatile StreamStanding standing;
    private OpenEvent? open;
    private StreamCount settled;
    private long reach;
    private long begun;
    private long lost;
    private bool isGo;
    private bool hasBegun;
    private int number;
    private byte[] path = [];

    private StreamReading(ShippedFolder shipped, CursorFile cursor, SegmentReader reader, StreamPosition begin, TimeProvider time)
    {
        (Stream, folder, this.cursor, this.reader, this.time) = (shipped.Stream, shipped.Folder, cursor, reader, time);
        (set, settled) = (begin.Set, begin.Count);
        Form = shipped.Form;
        reach = settled.Next;
        template = new(new(Stream, Stream.IdsBegin(set)));
        standing = new(Stream, folder, settled);
    }

    public EventStream Stream { get; }

    /// <summary>How lines are to be understood that are read from now on.</summary>
    public LineForm Form { get; set; }

    /// <summary>How far the sink is, for good; from any thread.</summary>
    public StreamStanding Standing => standing;

    /// <summary>Why it could not be read to its end the last time; null: it could.</summary>
    public string? Trouble { get; private set; }

    /// <summary>It was not read to its end the last time: the batch had as much as it should.</summary>
    public bool HasMore { get; private set; }

    /// <summary>An event waits for lines that may belong to it.</summary>
    public bool Waits => open is not null;

    /// <summary>Throws IOException and UnauthorizedAccessException.</summary>
    /// <param name="shipped">Its folder need not exist yet.</param>
    /// <param name="cursorFile">Where the sink's cursor is, or will be.</param>
    /// <param name="fromNow">A sink that has not begun with it yet begins with what comes; false: with the oldest that is there.</param>
    /// <param name="time">For pauses.</param>
    public static StreamReading Open(ShippedFolder shipped, string cursorFile, bool fromNow, TimeProvider time)
    {
        var cursor = CursorFile.Open(cursorFile);
        SegmentReader? reader = null;
        try
        {
            var start = cursor.Position is { } kept ? SegmentStart.Behind(kept.Place) : fromNow && !cursor.IsDamaged ? SegmentStart.End : SegmentStart.Beginning;
            reader = SegmentReader.Open(shipped.Folder, start, time, shipped.Keys);
            var place = reader.Place;
            var begin = cursor.Position ?? new(place.Set, new(place.Next, place.Next, 0, 0, 0));
            // Where it began with what came, a restart before the first line must not begin with what comes after that.
            if (cursor.Position is null && place.Next > 0) cursor.Write(begin, isLasting: true);
            return new(shipped, cursor, reader, begin, time);
        }
        catch
        {
            reader?.Dispose();
            cursor.Dispose();
            throw;
        }
    }

    /// <summary>Adds what there is to a batch, until that has as much as it should.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="most">Bytes that it should have.</param>
    /// <returns>What there is to settle when the batch is delivered; null: nothing.</returns>
    public StreamShare? Fill(EventBatch batch, int most)
    {
        var buffer = batch.Buffer;
        (begun, lost) = (reach, 0);
        number = batch.Begin(Stream.IdsBegin(set), Stream.Name);
        TakeUp(buffer);
        (Trouble, HasMore) = (null, false);
        try
        {
            while (!(HasMore = buffer.Length >= most) && reader.TryRead(out var block)) Add(batch, block);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It goes on where it is when that can be read again.
            Trouble = e.Message;
        }

        if (open is { } waiting)
        {
            if (time.GetElapsedTime(waiting.LastRead) >= Pause) Close(batch);
            else SetAside(buffer, waiting);
        }

        if (hasBegun) KeepBegin();
        return reach > begun ? new(this, set, number, reach, lost) : null;
    }

    /// <summary>What a batch had of it is settled: each of its events is delivered, or put aside.</summary>
    /// <param name="share">The first that is not settled yet.</param>
    /// <param name="putAside">Lines of its events that were.</param>
    /// <param name="isLasting">The cursor is to outlast a power cut.</param>
    public void Settle(StreamShare share, long putAside, bool isLasting)
    {
        // The folder was deleted and made again while it was on its way: nothing of before is counted any more.
        if (share.Set != set) return;
        var lines = share.Next - settled.Next - share.Lost;
        settled = settled with { Next = share.Next, Delivered = settled.Delivered + lines - putAside, PutAside = settled.PutAside + putAside, Lost = settled.Lost + share.Lost };
        standing = new(Stream, folder, settled);
        cursor.Write(new(set, settled), isLasting);
    }

    /// <summary>Lines that were put aside are delivered after all.</summary>
    public void Recover(long lines)
    {
        // Those of a numbering that is gone are in no count any more.
        if (lines > settled.PutAside) return;
        settled = settled with { Delivered = settled.Delivered + lines, PutAside = settled.PutAside - lines };
        standing = new(Stream, folder, settled);
        cursor.Write(new(set, settled), isLasting: true);
    }

    public void Dispose()
    {
        reader.Dispose();
        cursor.Dispose();
    }

    private void TakeUp(EventBuffer buffer)
    {
        if (open is not { } waiting) return;
        open = waiting with { Start = buffer.Length };
        buffer.Add(carried.Written.Span);
        carried.Clear();
    }

    private void SetAside(EventBuffer buffer, OpenEvent waiting)
    {
        carried.Add(buffer.Written.Span[waiting.Start..]);
        buffer.CutTo(waiting.Start);
    }

    /// <summary>The folder was deleted and made again: its numbers begin anew, and nothing of before is there any more.</summary>
    private void BeginAnew(EventBatch batch, long first)
    {
        if (open is not null) Close(batch);
        set = reader.Place.Set;
        template = new(new(Stream, Stream.IdsBegin(set)));
        BeginAt(first);
        number = batch.Begin(Stream.IdsBegin(set), Stream.Name);
    }

    /// <summary>That it has begun with a stream outlasts its end: what retention deletes before the first delivery is lost, and not of before its time.</summary>
    private void KeepBegin()
    {
        try
        {
            cursor.Write(new(set, settled), isLasting: true);
            hasBegun = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // With the first that is settled.
        }
    }

    private void BeginAt(long first)
    {
        hasBegun = true;
        settled = new(first, first, 0, 0, 0);
        (reach, begun, lost) = (first, first, 0);
        standing = new(Stream, folder, settled);
    }

    private void Add(EventBatch batch, SegmentBlock block)
    {
        if (reader.Place.Set != set) BeginAnew(batch, block.Sequence);
        // The first of a folder that was not there before.
        if (settled.From == 0) BeginAt(block.Sequence);
        if (block.Loss is { } loss) AddLoss(batch, block, loss);
        else AddLines(batch, block);
    }

    private void AddLines(EventBatch batch, SegmentBlock block)
    {
        path = PathOf(block);
        template.Of(block.At, Output(block.Stream), path);
        var now = time.GetTimestamp();
        foreach (var line in block.Split()) Add(batch, line, now);
    }

    private void Add(EventBatch batch, SegmentLine line, long now)
    {
        var text = line.Text.Span;
        // What ends a line on Windows is no part of it.
        if (text is [.. var before, (byte)'\r']) text = before;
        if (open is { } going)
        {
            var isSame = going.Kind == line.Stream && going.Path.AsSpan().SequenceEqual(path) && batch.Buffer.Length - going.Start < LargestEvent;
            if (isSame && (line.Flags & BlockFlags.Resumed) != 0) EventWriter.Resume(batch.Buffer, text);
            else if (isSame && StackTrace.Continues(text, ref isGo)) EventWriter.Continue(batch.Buffer, text);
            else Close(batch);
            if (open is not null)
            {
                open = going with { Lines = going.Lines + 1, LastRead = now };
                return;
            }
        }

        var start = batch.Buffer.Length;
        if (Form.TryWrite(batch.Buffer, template, line.Sequence, text))
        {
            batch.Add(new(start, batch.Buffer.Length - start, number, line.Sequence, 1));
            reach = line.Sequence + 1;
            isGo = false;
            return;
        }

        EventWriter.Begin(batch.Buffer, template, line.Sequence, text);
        isGo = false;
        _ = StackTrace.Continues(text, ref isGo);
        open = new(start, line.Stream, path, line.Sequence, 1, now);
    }

    private void Close(EventBatch batch)
    {
        var ended = open!.Value;
        EventWriter.End(batch.Buffer);
        batch.Add(new(ended.Start, batch.Buffer.Length - ended.Start, number, ended.Sequence, ended.Lines));
        reach = ended.Sequence + ended.Lines;
        open = null;
    }

    /// <summary>Lines that are not there are told as an event: a reader of the sink would not miss them otherwise.</summary>
    private void AddLoss(EventBatch batch, SegmentBlock block, Loss loss)
    {
        if (open is not null) Close(batch);
        var start = batch.Buffer.Length;
        EventWriter.Begin(batch.Buffer, template.Of(block.At, "holdfast"u8, PathOf(block)), block.Sequence, Encoding.UTF8.GetBytes(loss.ToString()));
        EventWriter.End(batch.Buffer);
        batch.Add(new(start, batch.Buffer.Length - start, number, block.Sequence, 0));
        lost += block.Lines;
        reach = block.NextSequence;
    }

    private static byte[] PathOf(SegmentBlock block) => block.Origin is { } origin ? Encoding.UTF8.GetBytes(origin.Path) : [];

    private static ReadOnlySpan<byte> Output(StreamKind kind) => kind switch
    {
        StreamKind.Stdout => "stdout"u8,
        StreamKind.Stderr => "stderr"u8,
        StreamKind.Holdfast => "holdfast"u8,
        StreamKind.File => "file"u8,
        StreamKind.Event => "event"u8,
        _ => [],
    };

    /// <param name="Start">Where in the batch's buffer it begins.</param>
    /// <param name="Path">Of the file that it is from; empty: of none.</param>
    /// <param name="LastRead">When its last line was read, as a timestamp.</param>
    private readonly record struct OpenEvent(int Start, StreamKind Kind, byte[] Path, long Sequence, int Lines, long LastRead);
}
