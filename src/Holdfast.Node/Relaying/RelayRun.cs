using Google.Protobuf.WellKnownTypes;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Rpc.V1;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Node.Relaying;

/// <summary>A relay that runs, alone with what it keeps on disk.</summary>
public sealed class RelayRun : IAsyncDisposable
{
    private readonly RelayDefinition definition;
    private readonly FileLock held;
    private readonly Relay relay;

    private RelayRun(RelayDefinition definition, FileLock held, Relay relay) => (this.definition, this.held, this.relay) = (definition, held, relay);

    /// <summary>Problems: <c>lock.held</c> (it runs already), and what the disk says.</summary>
    /// <param name="definition">What it does.</param>
    /// <param name="state">The folder of all relays; each has one of its name in it.</param>
    /// <param name="told">Told why nothing, or not all, is delivered now; null: it is again.</param>
    /// <param name="time">For waits and times.</param>
    public static Outcome<RelayRun> Begin(RelayDefinition definition, string state, Action<string?> told, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(definition);
        FileLock? held = null;
        try
        {
            var place = new SinkPlace(state, definition.Name);
            var folder = Directory.CreateDirectory(Path.Combine(state, definition.Name)).FullName;
            var taken = FileLock.TryTake(Path.Combine(folder, "relay.lock"), time);
            if (!taken.TryGet(out held)) return Outcome.Failed<RelayRun>(taken.Problems);
            return new RelayRun(definition, held, new Relay(place, definition.OpenSource(place), definition.OpenSink(), told, time));
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            held?.Dispose();
            return FileTrouble.From(e, $"begin the relay {definition.Name} in {state}");
        }
    }

    /// <summary>Until it is to stop, its source has ended, or all that there was is settled (<paramref name="once"/>). What is out then is settled first, or comes again the next time.</summary>
    public Task RunAsync(bool once, CancellationToken stop) => relay.RunAsync(once, stop);

    /// <summary>What became of every line since it began, or since its cursor did.</summary>
    public LedgerResponse Ledger() => new()
    {
        Sinks =
        {
            new SinkLedger
            {
                Name = definition.Name,
                Kind = definition.To,
                Trouble = relay.Trouble?.Why ?? "",
                TroubleSince = relay.Trouble is { } trouble ? Timestamp.FromDateTimeOffset(trouble.Since) : null,
                DeliveredEvents = relay.DeliveredEvents,
                Failures = relay.Failures,
                Streams =
                {
                    relay.Streams.Select(one => new StreamLedger
                    {
                        Stream = one.Name,
                        Produced = one.Count.Produced(one.Written),
                        Delivered = one.Count.Delivered,
                        Queued = one.Count.Queued(one.Written),
                        Dead = one.Count.PutAside,
                        Lost = one.Count.Lost,
                    }),
                },
            },
        },
    };

    public async ValueTask DisposeAsync()
    {
        await relay.DisposeAsync();
        held.Dispose();
    }
}
