using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks;
using Holdfast.Telemetry.Sources;

namespace Holdfast.Telemetry.Shipping;

/// <summary>
/// Brings events from one source to one sink, each at least once and under an id that is always the same. The source is told that events are settled when the receiver has them, or they are put aside
/// on disk, and not before; it is the queue, and nothing is kept beside it.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    /// <summary>So much is brought together, unless it would have to wait.</summary>
    private const int BatchBytes = 1 << 20;

    /// <summary>What is out when it is to end may be answered for by then; else it comes again when it begins the next time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ISink sink;
    private readonly IEventSource source;
    private readonly TimeProvider time;
    private readonly DeadLetters deadLetters;
    private readonly BatchDelivery delivery;
    private readonly EventBatch batch = new();

    /// <param name="place">What it keeps on disk.</param>
    /// <param name="source">Ended with the relay.</param>
    /// <param name="sink">Ended with the relay.</param>
    /// <param name="told">Told why nothing, or not all, is delivered now; null: it is again.</param>
    /// <param name="time">For waits and times.</param>
    public Relay(SinkPlace place, IEventSource source, ISink sink, Action<string?> told, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(place);
        (this.source, this.sink, this.time) = (source, sink, time);
        deadLetters = new(place.DeadLetters, time);
        delivery = new(sink, deadLetters, time) { Told = told };
    }

    /// <summary>How each stream stands.</summary>
    public IReadOnlyList<SourceStream> Streams => source.Streams;

    public SinkTrouble? Trouble => delivery.Trouble;

    public long DeliveredEvents => delivery.DeliveredEvents;

    public long Failures => delivery.Failures;

    /// <summary>Until the source has ended, or it is to stop; it takes nothing more then, and what is out has a while to be settled.</summary>
    /// <param name="once">It ends as well when all that there was is settled.</param>
    public async Task RunAsync(bool once, CancellationToken stop)
    {
        using var late = new CancellationTokenSource();
        using var timer = time.CreateTimer(_ => late.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var ending = stop.Register(() => timer.Change(Grace, Timeout.InfiniteTimeSpan));
        try
        {
            while (!stop.IsCancellationRequested && !source.HasEnded && !(once && source.IsAtEnd)) await BringAsync(stop, late.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was read and not answered for is not settled: it comes again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        deadLetters.Dispose();
        await sink.DisposeAsync();
    }

    private async Task BringAsync(CancellationToken stop, CancellationToken late)
    {
        batch.Clear();
        await source.FillAsync(batch, BatchBytes, stop);
        if (batch.Events.Count == 0)
        {
            delivery.Tell(source.Trouble);
            source.Settle([]);
            return;
        }

        var putAside = new long[batch.Streams];
        foreach (var refused in await delivery.BringAsync(batch, late)) putAside[batch.Events[refused].Stream] += batch.Events[refused].Lines;
        source.Settle(putAside);
    }
}
