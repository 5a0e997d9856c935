namespace Holdfast.Segments;

/// <summary>Reads a journal from a sequence on, while it is written or not. Not safe for several threads.</summary>
public sealed class JournalReader : IDisposable
{
    private readonly SegmentReader reader;
    private readonly Queue<JournalRecord> ready = new();

    private JournalReader(SegmentReader reader) => this.reader = reader;

    /// <summary>The first record read is that of <paramref name="fromSequence"/> (0: the oldest there is). The folder need not exist yet.</summary>
    public static JournalReader Open(string folder, long fromSequence, TimeProvider time) =>
        new(SegmentReader.Open(folder, SegmentStart.Sequence(fromSequence), time));

    /// <summary>The first record read is the one <paramref name="last"/> records from the end.</summary>
    public static JournalReader OpenTail(string folder, long last, TimeProvider time) =>
        new(SegmentReader.Open(folder, SegmentStart.Tail(last), time));

    /// <summary>The next record, or null when there is none now. Its memory is its own.</summary>
    public JournalRecord? TryRead()
    {
        while (ready.Count == 0)
        {
            if (!reader.TryRead(out var block)) return null;
            if (block.Loss is { } loss)
            {
                ready.Enqueue(new(block.Sequence, block.At, default, loss));
                continue;
            }

            foreach (var line in block.Split())
                ready.Enqueue(new(line.Sequence, line.At, line.Text.ToArray(), null));
        }

        return ready.Dequeue();
    }

    /// <summary>Returns when there may be more: read again.</summary>
    public Task WaitAsync(CancellationToken cancel) => reader.WaitAsync(cancel);

    public void Dispose() => reader.Dispose();
}
