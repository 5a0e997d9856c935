using System.Buffers;
using Holdfast.Core.Problems;
using Holdfast.Core.Redaction;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Sources.EventPipe;

/// <summary>Puts events into the segments of their instance: redacted, several in a block, and those that were dropped as a loss.</summary>
/// <remarks>Not for several threads.</remarks>
public sealed class EventPipeStore : IDisposable
{
    /// <summary>Of a block.</summary>
    private const int Enough = 64 << 10;

    private readonly SegmentWriter writer;
    private readonly Redactor redactor;
    private readonly TimeProvider time;
    private readonly ArrayBufferWriter<byte> lines = new(Enough), redacted = new();
    private int count;

    private EventPipeStore(SegmentWriter writer, Redactor redactor, TimeProvider time) => (this.writer, this.redactor, this.time) = (writer, redactor, time);

    /// <summary>Why events cannot be written; null: they can.</summary>
    public Problem? Trouble { get; private set; }

    /// <summary>Problems: <c>segments.*</c>.</summary>
    /// <param name="folder">Of the segments; it is there.</param>
    /// <param name="rules">What must not reach the disk.</param>
    /// <param name="policy">Of the segments.</param>
    /// <param name="time">For syncs.</param>
    public static Outcome<EventPipeStore> Open(string folder, RedactionRules rules, SegmentPolicy policy, TimeProvider time) =>
        SegmentWriter.Open(folder, policy, time).Then(writer => Outcome.Of(new EventPipeStore(writer, new(rules, new(null)), time)));

    /// <param name="line">With the time of the event in it, and its newline.</param>
    public void Add(ReadOnlyMemory<byte> line)
    {
        lines.Write(line.Span);
        count++;
        if (lines.WrittenCount >= Enough) Flush();
    }

    /// <param name="events">So many were dropped in the process.</param>
    public void Lose(long events)
    {
        Flush();
        Trouble = writer.AppendLoss(new(StreamKind.Event, events, 0, "they came faster than they were read, and the process dropped them"), time.GetUtcNow());
    }

    /// <summary>What waits is written, and put on the disk when it is time for that.</summary>
    public void Flush()
    {
        if (count > 0)
        {
            ReadOnlySpan<byte> text = lines.WrittenSpan;
            redacted.ResetWrittenCount();
            if (redactor.TryRedact(text, redacted)) text = redacted.WrittenSpan;
            Trouble = writer.Append(StreamKind.Event, BlockFlags.None, time.GetUtcNow(), text, count);
            lines.ResetWrittenCount();
            count = 0;
        }

        if (writer.SyncDueAfter == TimeSpan.Zero) Trouble = writer.Sync() ?? Trouble;
        writer.Maintain();
    }

    public void Dispose()
    {
        Flush();
        writer.Dispose();
    }
}
