using Confluent.Kafka;
using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Sources.Kafka;

/// <summary>
/// A partition that this relay reads, or has read: a stream, whose sequences are offsets. Offsets without a message (of transactions, or compacted away) are no lines: the beginning is moved up
/// by them, so that what was produced is still what was delivered, queued, put aside and lost.
/// </summary>
/// <remarks>Not thread-safe: the source has a lock.</remarks>
internal sealed class KafkaPartition(TopicPartition partition)
{
    private StreamCount count;
    private bool hasBegun;
    private long end;

    public TopicPartition Partition => partition;

    public string Name { get; } = $"{partition.Topic}-{partition.Partition.Value}";

    /// <summary>Rises with each assignment: what was read under an earlier one is not ours to settle.</summary>
    public int Assignment { get; private set; }

    /// <summary>It is assigned to us now.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>Its end was seen, and nothing has come since.</summary>
    public bool IsAtEnd { get; set; }

    /// <summary>The place that is settled, and not committed yet.</summary>
    public long? ToCommit { get; private set; }

    public SourceStream Standing => new(Name, count, IsOurs ? Math.Max(end, count.Next) : count.Next);

    /// <param name="start">The offset that it will be read from; null: that is not known before the first message.</param>
    public void Assign(long? start)
    {
        (IsOurs, IsAtEnd, ToCommit) = (true, false, null);
        Assignment++;
        if (start is { } known) BeginAt(known);
        else hasBegun = false;
    }

    public void Revoke() => (IsOurs, ToCommit) = (false, null);

    public void SeeEnd(long high) => end = Math.Max(end, high);

    /// <summary>A message, or a loss, was read.</summary>
    public void SeeFirst(long offset)
    {
        if (!hasBegun) BeginAt(offset);
    }

    /// <param name="next">The offset behind what was settled.</param>
    /// <param name="messages">How many there were.</param>
    /// <param name="putAside">Of them.</param>
    /// <param name="lost">Messages that were not there to be read.</param>
    public void Settle(long next, long messages, long putAside, long lost)
    {
        var gaps = next - count.Next - messages - lost;
        count = count with { From = count.From + gaps, Next = next, Delivered = count.Delivered + messages - putAside, PutAside = count.PutAside + putAside, Lost = count.Lost + lost };
        ToCommit = next;
    }

    public void Committed(long offset)
    {
        if (ToCommit == offset) ToCommit = null;
    }

    /// <summary>What others have read meanwhile is in their ledgers.</summary>
    private void BeginAt(long start)
    {
        count = hasBegun || count.Next > 0 ? count with { From = count.From + start - count.Next, Next = start } : new(start, start, 0, 0, 0);
        hasBegun = true;
    }
}
