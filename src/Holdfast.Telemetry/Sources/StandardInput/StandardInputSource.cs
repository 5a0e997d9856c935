using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sources.StandardInput;

/// <summary>
/// Lines of a pipe. It can be read once: what was read and not delivered is gone with the process, and the program before it is held up while the sink takes nothing. Ids are this run's own,
/// but for lines that are events already.
/// </summary>
public sealed class StandardInputSource : IEventSource
{
    /// <summary>The ledger's name of it.</summary>
    public const string Name = "stdin";

    /// <summary>A longer line is cut into several.</summary>
    private const int LongestLine = 512 << 10;

    private readonly PipeReader reader;
    private readonly TimeProvider time;
    private readonly string idsBegin = $"{Name}.{Guid.NewGuid().ToString("n")[..12]}.";
    private volatile SourceStream standing = new(Name, new(1, 1, 0, 0, 0), 1);
    private Task<ReadResult>? reading;
    private long next = 1;

    /// <param name="input">Disposed with the source.</param>
    /// <param name="time">For the times of lines that name none.</param>
    public StandardInputSource(Stream input, TimeProvider time)
    {
        reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 << 10, minimumReadSize: 4 << 10));
        this.time = time;
    }

    public bool IsAtEnd => HasEnded;

    public bool HasEnded { get; private set; }

    public string? Trouble { get; private set; }

    public IReadOnlyList<SourceStream> Streams => [standing];

    public async Task FillAsync(EventBatch batch, int most, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (HasEnded) return;
        var number = batch.Begin(idsBegin, Name);
        try
        {
            // A read of a terminal cannot be called back: it goes on, and what comes is taken the next time.
            reading ??= Task.Run(() => reader.ReadAsync(CancellationToken.None).AsTask(), CancellationToken.None);
            var read = await reading.WaitAsync(cancel);
            reading = null;
            var left = read.Buffer;
            while (batch.Buffer.Length < most && TryTakeLine(ref left, read.IsCompleted, out var line)) Add(batch, number, line);
            reader.AdvanceTo(left.Start, batch.Buffer.Length >= most ? left.Start : left.End);
            HasEnded = read.IsCompleted && left.IsEmpty && batch.Events.Count == 0;
        }
        catch (IOException e)
        {
            (Trouble, HasEnded) = (e.Message, true);
        }
    }

    public void Settle(IReadOnlyList<long> putAside)
    {
        ArgumentNullException.ThrowIfNull(putAside);
        var count = standing.Count;
        var lines = next - count.Next;
        var refused = putAside.Sum();
        standing = new(Name, count with { Next = next, Delivered = count.Delivered + lines - refused, PutAside = count.PutAside + refused }, next);
    }

    public async ValueTask DisposeAsync()
    {
        // A read that is under way cannot be called back, and the process is about to end.
        if (reading is null) await reader.CompleteAsync();
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> left, bool isLast, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (left.IsEmpty) return false;
        var end = left.PositionOf((byte)'\n');
        if (end is { } at && left.Slice(0, at).Length <= LongestLine)
        {
            line = left.Slice(0, at);
            left = left.Slice(left.GetPosition(1, at));
            return true;
        }

        if (left.Length < LongestLine && !isLast) return false;
        line = left.Slice(0, Math.Min(left.Length, LongestLine));
        left = left.Slice(line.End);
        return true;
    }

    private void Add(EventBatch batch, int number, ReadOnlySequence<byte> line)
    {
        var text = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (text is [.., (byte)'\r']) text = text[..^1];
        var sequence = next++;
        standing = standing with { Written = next };
        SourceEvent.Add(batch, number, sequence, 1, text, Name, time.GetUtcNow(), string.Create(CultureInfo.InvariantCulture, $"{idsBegin}{sequence}"), _ => { });
    }
}
