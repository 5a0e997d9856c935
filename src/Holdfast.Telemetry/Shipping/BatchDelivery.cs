using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks;

namespace Holdfast.Telemetry.Shipping;

/// <summary>Brings batches of events to one sink, and knows how that goes. Where it returns, each event of the batch is delivered, or put aside on disk.</summary>
internal sealed class BatchDelivery(ISink sink, DeadLetters deadLetters, TimeProvider time)
{
    private long delivered;
    private long failures;
    private volatile SinkTrouble? trouble;

    /// <summary>Told of each change of <see cref="Trouble"/>; null: there is none any more.</summary>
    public Action<string?> Told { get; init; } = _ => { };

    public long DeliveredEvents => Interlocked.Read(ref delivered);

    /// <summary>Attempts that brought nothing, or not all.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>Null: all is well.</summary>
    public SinkTrouble? Trouble => trouble;

    /// <summary>Tries until it is done, however long that takes.</summary>
    /// <returns>The events of the batch that were put aside; the receiver has all others.</returns>
    public async Task<HashSet<int>> BringAsync(EventBatch batch, CancellationToken cancel)
    {
        HashSet<int> putAside = [];
        for (var state = DeliveryMachine.Begin(batch.Events.Count); !state.IsOver;)
        {
            var step = DeliveryMachine.Step(state, await sink.DeliverAsync(batch, state.Asked, cancel), Random.Shared.NextDouble());
            var kept = deadLetters.Add(batch, step.Refused);
            if (!kept.IsOk)
            {
                // Refused, and nowhere to be put: it is asked for again, until there is room. Whoever has its events knows them by their ids.
                step = DeliveryMachine.Step(state, new Delivery.Nothing($"what it refused cannot be put aside: {kept.Problems[0].What}"), 0);
            }

            putAside.UnionWith(step.Refused.Select(refused => refused.Event));
            Interlocked.Add(ref delivered, state.Left.Length - step.State.Left.Length - step.Refused.Count);
            state = step.State;
            if (step.Why.Length > 0) Interlocked.Increment(ref failures);
            Tell(step.Why.Length > 0 ? step.Why : null);
            if (step.Wait > TimeSpan.Zero) await Task.Delay(step.Wait, time, cancel);
        }

        Tell(null);
        return putAside;
    }

    /// <param name="why">In a sentence; null: all is well.</param>
    public void Tell(string? why)
    {
        if (trouble?.Why == why) return;
        trouble = why is null ? null : new(why, trouble?.Since ?? time.GetUtcNow());
        Told(why);
    }
}
