using System.Globalization;
using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Shipping;

/// <summary>Events that are brought to a sink together: lines of JSON, one behind the other, from one or more streams. What it gives out is valid until it is filled anew.</summary>
public sealed class EventBatch
{
    private readonly List<BatchedEvent> events = [];
    private readonly List<(string IdsBegin, string Name)> streams = [];
    private readonly Dictionary<int, string> ownIds = [];

    /// <summary>How many streams it is of; one that began anew counts again.</summary>
    internal int Streams => streams.Count;

    /// <summary>The name of an event's stream.</summary>
    internal string StreamOf(int index) => streams[events[index].Stream].Name;

    internal EventBuffer Buffer { get; } = new(1 << 20);

    /// <summary>In the order of each stream.</summary>
    public IReadOnlyList<BatchedEvent> Events => events;

    /// <summary>All events, each ended by a newline.</summary>
    public ReadOnlyMemory<byte> Lines => Buffer.Written;

    /// <summary>One event, without its newline.</summary>
    /// <param name="index">Its place in <see cref="Events"/>.</param>
    public ReadOnlyMemory<byte> Line(int index) => Buffer.Written.Slice(events[index].Start, events[index].Length - 1);

    /// <summary>The same in every attempt, after every restart, and no other event's.</summary>
    /// <param name="index">Its place in <see cref="Events"/>.</param>
    public string Id(int index) =>
        ownIds.Count > 0 && ownIds.TryGetValue(index, out var own) ? own : string.Create(CultureInfo.InvariantCulture, $"{streams[events[index].Stream].IdsBegin}{events[index].Sequence}");

    internal void Clear()
    {
        Buffer.Clear();
        events.Clear();
        streams.Clear();
        ownIds.Clear();
    }

    /// <returns>The number of the stream in this batch.</returns>
    internal int Begin(string idsBegin, string name)
    {
        streams.Add((idsBegin, name));
        return streams.Count - 1;
    }

    internal void Add(BatchedEvent added) => events.Add(added);

    /// <summary>The same for an event that has an id already.</summary>
    internal void Add(BatchedEvent added, string id)
    {
        ownIds[events.Count] = id;
        events.Add(added);
    }
}

/// <summary>An event of a batch.</summary>
/// <param name="Start">Where in the batch's lines it begins.</param>
/// <param name="Length">With its newline.</param>
/// <param name="Stream">The number of its stream in the batch.</param>
/// <param name="Sequence">Of its first line.</param>
/// <param name="Lines">Of how many lines it is made; 0: it tells of something that is no line.</param>
public readonly record struct BatchedEvent(int Start, int Length, int Stream, long Sequence, int Lines);
