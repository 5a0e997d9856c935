using Holdfast.Core.Problems;
using Holdfast.Segments.Files;

namespace Holdfast.Segments;

/// <summary>
/// Writes records, one JSON document each, and numbers them from 1. A full disk does not stop who writes them: records wait in memory, up to
/// a bound, and go to the disk in order when they can; beyond the bound they are counted as lost, with their numbers.
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class JournalWriter : IDisposable
{
    /// <summary>More than this is not kept in memory, in bytes.</summary>
    public const int BacklogBytes = 4 << 20;

    private readonly Lock gate = new();
    private readonly SegmentWriter writer;
    private readonly TimeProvider time;
    private readonly Queue<(byte[] Line, DateTimeOffset At)> backlog = new();
    private int backlogBytes;
    private long lostRecords;
    private long lostBytes;

    private JournalWriter(SegmentWriter writer, TimeProvider time) => (this.writer, this.time) = (writer, time);

    public SegmentRecovery Recovery => writer.Recovery;

    /// <summary>Why records wait; null when all are written.</summary>
    public Problem? Trouble { get; private set; }

    /// <summary>Records that wait in memory.</summary>
    public int Waiting
    {
        get { lock (gate) return backlog.Count; }
    }

    /// <summary>The number that the next record will have.</summary>
    public long NextSequence
    {
        get { lock (gate) return writer.NextSequence + backlog.Count + lostRecords; }
    }

    public static Outcome<JournalWriter> Open(string folder, SegmentPolicy policy, TimeProvider time) => Open(new DiskFolder(folder), policy, time);

    internal static Outcome<JournalWriter> Open(ISegmentFolder folder, SegmentPolicy policy, TimeProvider time) =>
        SegmentWriter.Open(folder, policy, time).Then<JournalWriter>(writer => new JournalWriter(writer, time));

    /// <summary>Writes a record; it is on the disk at return unless <see cref="Trouble"/> says that it waits. Its number.</summary>
    /// <param name="jsonLine">One JSON document in UTF-8 without a newline, at most 1 MiB.</param>
    /// <param name="sync">False: the caller writes several and then calls <see cref="Sync"/>.</param>
    public long Append(ReadOnlySpan<byte> jsonLine, bool sync = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jsonLine.Length, 1 << 20);
        if (jsonLine.Contains((byte)'\n')) throw new ArgumentException("A record is one line.", nameof(jsonLine));
        long sequence;
        lock (gate)
        {
            if (Trouble is not null) WriteBacklog();
            sequence = writer.NextSequence + backlog.Count + lostRecords;
            var line = new byte[jsonLine.Length + 1];
            jsonLine.CopyTo(line);
            line[^1] = (byte)'\n';
            Enqueue(line);
            WriteBacklog();
        }

        if (sync) Sync();
        return sequence;
    }

    /// <summary>Tries to write what waits, and puts all that is written on the disk. Null when all of it is.</summary>
    public Problem? Sync()
    {
        lock (gate) WriteBacklog();
        return writer.Sync() ?? Trouble;
    }

    /// <summary>Deletes what has become too old. Call it now and then.</summary>
    public void Maintain() => writer.Maintain();

    public void Dispose()
    {
        lock (gate) WriteBacklog();
        writer.Dispose();
    }

    private void Enqueue(byte[] line)
    {
        if (lostRecords > 0 || backlogBytes + line.Length > BacklogBytes)
        {
            // Once one is lost all are, until the loss stands in the journal: numbers go in order.
            lostRecords++;
            lostBytes += line.Length;
            return;
        }

        backlog.Enqueue((line, time.GetUtcNow()));
        backlogBytes += line.Length;
    }

    private void WriteBacklog()
    {
        while (backlog.TryPeek(out var next))
        {
            Trouble = writer.Append(StreamKind.Journal, BlockFlags.None, next.At, next.Line, 1);
            if (Trouble is not null) return;
            backlog.Dequeue();
            backlogBytes -= next.Line.Length;
        }

        if (lostRecords > 0)
        {
            var reason = "the disk could not be written and memory for waiting records was used up";
            Trouble = writer.AppendLoss(new(StreamKind.Journal, lostRecords, lostBytes, reason), time.GetUtcNow());
            if (Trouble is not null) return;
            lostRecords = lostBytes = 0;
        }

        Trouble = null;
    }
}
