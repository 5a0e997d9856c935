using System.Collections.Concurrent;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks;

namespace Holdfast.Telemetry.Shipping;

/// <summary>
/// Brings the events of all its streams to one sink, each at least once and under an id that is always the same. Segments are the queue: while the receiver is away nothing is read, and
/// memory stays as it is. A cursor moves when its events are delivered, or put aside on disk, and not before.
/// </summary>
/// <remarks>
/// Two batches at most: one on its way, and the one behind it, which is filled meanwhile where the first one was full: then there is more to read, and nothing is gained by waiting. Where it was not,
/// all that there was is on its way, and what comes meanwhile goes together. A batch leaves when the one before it has landed and is settled, so that a stream stays in order and a cursor passes
/// nothing that may still be lost.
/// </remarks>
public sealed class Shipper : IAsyncDisposable
{
    /// <summary>So much is brought together, unless it would have to wait.</summary>
    private const int BatchBytes = 1 << 20;

    /// <summary>Cursors are written after each batch, and outlast a power cut so often: what lies between is sent again after one, under the same ids. A sync for each of a thousand streams is not for every second.</summary>
    private static readonly TimeSpan LastingEvery = TimeSpan.FromSeconds(10);

    private readonly SinkPlace place;
    private readonly ISink sink;
    private readonly bool fromNow;
    private readonly TimeProvider time;
    private readonly DeadLetters deadLetters;
    private readonly BatchDelivery delivery;
    private readonly ConcurrentDictionary<string, StreamReading> readings = new(StringComparer.Ordinal);
    private readonly Queue<ShippedFolder> toRead = new();
    private readonly HashSet<string> queued = new(StringComparer.Ordinal);
    private EventBatch batch = new(), spare = new();
    private Flight? flight;
    private long lasting;
    private TaskCompletionSource<RetriedLetters>? retry;
    private TaskCompletionSource retryAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="place">What it keeps on disk.</param>
    /// <param name="sink">Ended with the shipper.</param>
    /// <param name="fromNow">It begins with what comes, in streams that it has no cursor in; false: with the oldest that is there.</param>
    /// <param name="time">For waits and times.</param>
    public Shipper(SinkPlace place, ISink sink, bool fromNow, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(place);
        (this.place, this.sink, this.fromNow, this.time) = (place, sink, fromNow, time);
        deadLetters = new(place.DeadLetters, time);
        delivery = new(sink, deadLetters, time);
    }

    /// <summary>How it stands now.</summary>
    public SinkStatus Status => new(
        [.. readings.Values.Select(reading => reading.Standing).OrderBy(standing => standing.Stream.Name, StringComparer.Ordinal)], delivery.Trouble, delivery.DeliveredEvents, delivery.Failures);

    /// <summary>The streams that may have something new since it was asked last, of those that the sink delivers. Asked before each batch.</summary>
    public required Func<IReadOnlyList<ShippedFolder>> Changed { get; init; }

    /// <summary>Returns when there may be something new, or after a while.</summary>
    public required Func<CancellationToken, Task> MoreAsync { get; init; }

    /// <summary>Until it is cancelled. It begins at the cursors, whatever a run before it had read.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var reading in readings.Values) reading.Dispose();
        readings.Clear();
        toRead.Clear();
        queued.Clear();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var asked = Volatile.Read(ref retry);
                if (asked is not null || flight is not { IsFull: true }) await LandAsync();
                if (asked is not null) await RetryAsync(asked, cancel);
                var shares = Fill(out var isFull, out var trouble);
                await LandAsync();
                if (trouble is not null) delivery.Tell(trouble);
                if (batch.Events.Count > 0)
                {
                    Depart(shares, isFull, ending.Token);
                    continue;
                }

                await WaitAsync(cancel);
            }
        }
        finally
        {
            await EndFlightAsync(ending);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref retry, null)?.TrySetCanceled();
        foreach (var reading in readings.Values) reading.Dispose();
        deadLetters.Dispose();
        await sink.DisposeAsync();
    }

    /// <param name="isFull">There is more than the batch has.</param>
    /// <param name="trouble">Why not all could be read; null: it could.</param>
    /// <returns>What is to be settled with the batch.</returns>
    private List<StreamShare> Fill(out bool isFull, out string? trouble)
    {
        batch.Clear();
        (isFull, trouble) = (false, null);
        List<StreamShare> shares = [];
        foreach (var changed in Changed()) Queue(changed);
        // Each has its turn: one that writes without pause keeps none of the others waiting.
        for (var turns = toRead.Count; turns > 0 && batch.Buffer.Length < BatchBytes; turns--)
        {
            var shipped = toRead.Dequeue();
            queued.Remove(shipped.Stream.Name);
            if (Reading(shipped, ref trouble) is not { } reading) continue;
            reading.Form = shipped.Form;
            if (reading.Fill(batch, BatchBytes) is { } share) shares.Add(share);
            if (reading.Trouble is { } why) trouble = $"{shipped.Stream.Name} cannot be read: {why}";
            isFull |= reading.HasMore;
            if (reading.Waits || reading.HasMore) Queue(shipped);
        }

        return shares;
    }

    private void Queue(ShippedFolder shipped)
    {
        if (queued.Add(shipped.Stream.Name)) toRead.Enqueue(shipped);
    }

    private StreamReading? Reading(ShippedFolder shipped, ref string? trouble)
    {
        var name = shipped.Stream.Name;
        if (readings.TryGetValue(name, out var known)) return known;
        try
        {
            Directory.CreateDirectory(place.Cursors);
            return readings[name] = StreamReading.Open(shipped, place.CursorOf(shipped.Stream), fromNow, time);
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            trouble = $"{name} cannot be begun: {e.Message}";
            return null;
        }
    }

    /// <summary>Sends the dead letters that there are again; what is refused again is put aside again, with its new reason. Ends when each was answered for, and with the sink.</summary>
    public Task<RetriedLetters> RetryAsync()
    {
        var mine = new TaskCompletionSource<RetriedLetters>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Who asks while another has asked gets the same answer.
        var first = Interlocked.CompareExchange(ref retry, mine, null) ?? mine;
        Volatile.Read(ref retryAsked).TrySetResult();
        return first.Task;
    }

    /// <summary>Nothing may be on its way: it takes the batch that is to be filled.</summary>
    private async Task RetryAsync(TaskCompletionSource<RetriedLetters> waiting, CancellationToken cancel)
    {
        Volatile.Write(ref retryAsked, new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            using var letters = LetterReading.Open(place, time);
            var total = new RetriedLetters(0, 0);
            while (letters.Fill(batch, BatchBytes))
            {
                var refused = await delivery.BringAsync(batch, cancel);
                // The place first: what a crash leaves between the two is delivered, and still counted as dead.
                letters.Settle(refused.Count);
                foreach (var (index, sent) in batch.Events.Index())
                {
                    if (!refused.Contains(index) && readings.TryGetValue(batch.StreamOf(index), out var reading)) reading.Recover(sent.Lines);
                }

                total = new(total.Delivered + batch.Events.Count - refused.Count, total.Refused + refused.Count);
            }

            batch.Clear();
            waiting.TrySetResult(total);
        }
        catch (Exception e)
        {
            waiting.TrySetException(e);
            if (!IsOfDisk(e)) throw;
        }
        finally
        {
            Volatile.Write(ref retry, null);
        }
    }

    /// <summary>The batch is on its way; the other one is to be filled.</summary>
    private void Depart(List<StreamShare> shares, bool isFull, CancellationToken cancel)
    {
        var leaving = batch;
        // Some sinks do their work before they give a task back.
        flight = new(leaving, shares, isFull, Task.Run(() => delivery.BringAsync(leaving, cancel), CancellationToken.None));
        (batch, spare) = (spare, leaving);
    }

    /// <summary>Returns when nothing is on its way any more, and what was is settled.</summary>
    private async Task LandAsync()
    {
        if (flight is not { } landing) return;
        var refused = await landing.Refused;
        flight = null;
        Settle(landing.Batch, landing.Shares, refused);
    }

    /// <summary>What the receiver has by now is settled, so that it does not come again.</summary>
    private async Task EndFlightAsync(CancellationTokenSource ending)
    {
        if (flight is not { } last) return;
        await ending.CancelAsync();
        await ((Task)last.Refused).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        flight = null;
        if (last.Refused.IsCompletedSuccessfully) Settle(last.Batch, last.Shares, await last.Refused);
    }

    private void Settle(EventBatch landed, IReadOnlyList<StreamShare> shares, HashSet<int> refused)
    {
        // For all of a batch: else the first alone would outlast a power cut.
        var isLasting = lasting == 0 || time.GetElapsedTime(lasting) >= LastingEvery;
        var putAside = new long[landed.Streams];
        foreach (var one in refused) putAside[landed.Events[one].Stream] += landed.Events[one].Lines;
        foreach (var share in shares) Settle(share, putAside[share.Number], isLasting);
        if (isLasting && shares.Count > 0) lasting = time.GetTimestamp();
    }

    private void Settle(StreamShare share, long putAside, bool isLasting)
    {
        try
        {
            share.Reading.Settle(share, putAside, isLasting);
        }
        catch (IOException e)
        {
            // The place on disk is an earlier one: what lies between comes again after a restart, under the same ids.
            delivery.Tell($"the place in {share.Reading.Stream.Name} cannot be written: {e.Message}");
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        var soon = readings.Values.Any(reading => reading.Waits) ? StreamReading.Pause : Timeout.InfiniteTimeSpan;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(MoreAsync(either.Token), Volatile.Read(ref retryAsked).Task, Task.Delay(soon, time, either.Token));
        await either.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private static bool IsOfDisk(Exception e) => e is IOException or UnauthorizedAccessException;
}

/// <summary>What became of dead letters that were sent again.</summary>
/// <param name="Refused">Again; they are dead letters still.</param>
public sealed record RetriedLetters(int Delivered, int Refused);
