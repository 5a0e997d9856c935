using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sources;

/// <summary>
/// Where a relay's events come from, in streams. What it gave is its own again until it is settled: a source that can be read twice remembers no place that was not settled, so that nothing is
/// lost with the process. One call at a time.
/// </summary>
public interface IEventSource : IAsyncDisposable
{
    /// <summary>Adds what there is; where there is nothing, waits for a moment. Throws nothing for a fault of the source (<see cref="Trouble"/>).</summary>
    /// <param name="batch">Empty.</param>
    /// <param name="most">Bytes that it should have.</param>
    /// <param name="cancel">Gives up waiting; what was added then is in the batch.</param>
    Task FillAsync(EventBatch batch, int most, CancellationToken cancel);

    /// <summary>What the batch was filled with last is settled: each event is delivered, or put aside on disk.</summary>
    /// <param name="putAside">By the number of a stream in the batch, lines of its events that were put aside.</param>
    void Settle(IReadOnlyList<long> putAside);

    /// <summary>All that there was is settled; more may come, where it is a source to which more comes.</summary>
    bool IsAtEnd { get; }

    /// <summary>Nothing more can ever come.</summary>
    bool HasEnded { get; }

    /// <summary>Why nothing, or not all, can be read now; null: all is well.</summary>
    string? Trouble { get; }

    /// <summary>How far each stream is; from any thread.</summary>
    IReadOnlyList<SourceStream> Streams { get; }
}

/// <summary>How far a relay is in one stream.</summary>
/// <param name="Count">Since it began with it.</param>
/// <param name="Written">The sequence that the next one written will have, as far as is known; never less than <c>Count.Next</c>.</param>
public sealed record SourceStream(string Name, StreamCount Count, long Written);
