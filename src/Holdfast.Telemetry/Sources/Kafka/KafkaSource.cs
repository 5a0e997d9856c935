using Confluent.Kafka;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sources.Kafka;

/// <summary>
/// Messages of topics, as a member of a consumer group. A thread of its own asks the brokers for as long as the source lives, so that the group does not take the partitions away while the sink takes
/// nothing; what it has read ahead is bounded. Places are committed when they are settled, and never by the client itself.
/// </summary>
public sealed class KafkaSource : IEventSource
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private readonly KafkaSourceOptions options;
    private readonly TimeProvider time;
    private readonly KafkaReadAhead ahead;
    private readonly KafkaMember member;
    private readonly List<Filled> filled = [];

    /// <param name="options">What is read.</param>
    /// <param name="time">For waits.</param>
    public KafkaSource(KafkaSourceOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.time) = (options, time);
        ahead = new();
        member = new(options, ahead, time);
    }

    public bool IsAtEnd => filled.Count == 0 && ahead.IsAtEnd;

    public bool HasEnded => false;

    public string? Trouble => member.Trouble;

    public IReadOnlyList<SourceStream> Streams => ahead.Streams;

    public async Task FillAsync(EventBatch batch, int most, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        filled.Clear();
        await ahead.SomethingAsync(Moment, time, cancel);
        while (batch.Buffer.Length < most && ahead.TryTake(out var item)) Add(batch, item);
    }

    public void Settle(IReadOnlyList<long> putAside)
    {
        ArgumentNullException.ThrowIfNull(putAside);
        foreach (var one in filled) ahead.Settle(one.Partition, one.Assignment, one.Next, one.Messages, putAside[one.Number], one.Lost);
        filled.Clear();
    }

    /// <summary>Commits what is settled, and leaves the group.</summary>
    public async ValueTask DisposeAsync() => await member.DisposeAsync();

    private void Add(EventBatch batch, KafkaItem item)
    {
        var at = filled.FindIndex(one => one.Partition == item.Partition && one.Assignment == item.Assignment);
        if (at < 0)
        {
            at = filled.Count;
            filled.Add(new(item.Partition, item.Assignment, batch.Begin("", item.Partition.Name), 0, 0, 0));
        }

        var one = filled[at];
        if (item.Read is { } read)
        {
            KafkaMessages.Add(batch, one.Number, options.Cluster, read);
            filled[at] = one with { Messages = one.Messages + 1, Next = read.Offset.Value + 1 };
        }
        else
        {
            KafkaMessages.AddLoss(batch, one.Number, options.Cluster, item.Partition.Partition, item.LostFrom, item.Lost, time.GetUtcNow());
            filled[at] = one with { Lost = one.Lost + item.Lost, Next = item.LostFrom + item.Lost };
        }
    }

    /// <summary>What the batch has of one partition.</summary>
    private readonly record struct Filled(KafkaPartition Partition, int Assignment, int Number, long Next, long Messages, long Lost);
}

/// <summary>What was read of a partition.</summary>
/// <param name="Read">A message; null: so many of them, from this offset on, are not there any more.</param>
internal readonly record struct KafkaItem(KafkaPartition Partition, int Assignment, ConsumeResult<byte[]?, byte[]?>? Read, long LostFrom, long Lost);
