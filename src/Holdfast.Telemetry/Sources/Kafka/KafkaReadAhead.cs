using Confluent.Kafka;

namespace Holdfast.Telemetry.Sources.Kafka;

/// <summary>What was read of the partitions and not taken yet, and how far each is. Shared by who asks the brokers and who takes: everything is under one lock.</summary>
internal sealed class KafkaReadAhead
{
    /// <summary>More is not read ahead, but for what the client has already.</summary>
    private const long MostBytes = 8 << 20;

    private readonly Lock gate = new();
    private readonly Queue<KafkaItem> items = new();
    private readonly Dictionary<TopicPartition, KafkaPartition> partitions = [];
    private TaskCompletionSource something = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long bytes;
    private bool wasAssigned;

    /// <summary>Nothing more is wanted now; it is again when half of it was taken.</summary>
    public bool IsFull { get; private set; }

    /// <summary>We have a part of the group's partitions, which may be none, and each was read to its end.</summary>
    public bool IsAtEnd
    {
        get
        {
            lock (gate) return wasAssigned && items.Count == 0 && partitions.Values.All(one => !one.IsOurs || one.IsAtEnd);
        }
    }

    public IReadOnlyList<SourceStream> Streams
    {
        get
        {
            lock (gate) return [.. partitions.Values.OrderBy(one => one.Partition.Topic, StringComparer.Ordinal).ThenBy(one => one.Partition.Partition.Value).Select(one => one.Standing)];
        }
    }

    /// <summary>Returns when there is something to take, or after a while.</summary>
    public async Task SomethingAsync(TimeSpan most, TimeProvider time, CancellationToken cancel)
    {
        Task coming;
        lock (gate)
        {
            if (items.Count > 0) return;
            if (something.Task.IsCompleted) something = new(TaskCreationOptions.RunContinuationsAsynchronously);
            coming = something.Task;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(coming, Task.Delay(most, time, ending.Token));
        await ending.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    public bool TryTake(out KafkaItem item)
    {
        lock (gate)
        {
            while (items.TryDequeue(out item))
            {
                bytes -= Size(item);
                if (bytes <= MostBytes / 2) IsFull = false;
                // Somebody else has the partition now, and reads it from what was committed.
                if (IsCurrent(item.Partition, item.Assignment)) return true;
            }

            return false;
        }
    }

    public void Assign(TopicPartition partition, long? start, long? lostFrom, long? end)
    {
        lock (gate)
        {
            wasAssigned = true;
            if (!partitions.TryGetValue(partition, out var one)) one = partitions[partition] = new(partition);
            one.Assign(lostFrom ?? start);
            if (end is { } high) one.SeeEnd(high);
            if (lostFrom is { } from && start > from) Put(new(one, one.Assignment, null, from, start.Value - from));
        }
    }

    /// <summary>Those that there are were told, and none is ours.</summary>
    public void AssignNone()
    {
        lock (gate) wasAssigned = true;
    }

    /// <summary>The client is of no use any more: whatever it had is somebody else's.</summary>
    public void RevokeAll()
    {
        lock (gate)
        {
            foreach (var one in partitions.Values) one.Revoke();
            wasAssigned = false;
        }
    }

    public void Revoke(TopicPartition partition)
    {
        lock (gate)
        {
            if (partitions.TryGetValue(partition, out var one)) one.Revoke();
            // What our part is now, the group is about to say.
            if (!partitions.Values.Any(each => each.IsOurs)) wasAssigned = false;
        }
    }

    /// <summary>Messages were deleted while we read.</summary>
    public void Lose(TopicPartition partition, long from, long lost)
    {
        lock (gate)
        {
            if (partitions.TryGetValue(partition, out var one) && one.IsOurs) Put(new(one, one.Assignment, null, from, lost));
        }
    }

    public void Add(ConsumeResult<byte[]?, byte[]?> read)
    {
        lock (gate)
        {
            if (!partitions.TryGetValue(read.TopicPartition, out var one) || !one.IsOurs) return;
            one.SeeFirst(read.Offset.Value);
            one.SeeEnd(read.Offset.Value + 1);
            one.IsAtEnd = false;
            Put(new(one, one.Assignment, read, 0, 0));
        }
    }

    public void SeeEnd(TopicPartition partition, long high, bool isAtEnd)
    {
        lock (gate)
        {
            if (!partitions.TryGetValue(partition, out var one) || !one.IsOurs) return;
            one.SeeEnd(high);
            one.IsAtEnd |= isAtEnd;
        }
    }

    /// <summary>What was taken under an assignment that is over is not ours to settle: whoever has the partition reads it again.</summary>
    public void Settle(KafkaPartition partition, int assignment, long next, long messages, long putAside, long lost)
    {
        lock (gate)
        {
            if (IsCurrent(partition, assignment)) partition.Settle(next, messages, putAside, lost);
        }
    }

    /// <summary>Places that are settled and ours to commit.</summary>
    /// <param name="of">Null: of all partitions.</param>
    public List<TopicPartitionOffset> ToCommit(IReadOnlyCollection<TopicPartition>? of)
    {
        lock (gate)
        {
            return [.. partitions.Values.Where(one => one is { IsOurs: true, ToCommit: not null } && of?.Contains(one.Partition) != false).Select(one => new TopicPartitionOffset(one.Partition, one.ToCommit!.Value))];
        }
    }

    public void Committed(TopicPartitionOffset place)
    {
        lock (gate)
        {
            if (partitions.TryGetValue(place.TopicPartition, out var one)) one.Committed(place.Offset.Value);
        }
    }

    private static bool IsCurrent(KafkaPartition partition, int assignment) => partition.IsOurs && partition.Assignment == assignment;

    private static long Size(KafkaItem item) => (item.Read?.Message.Value?.Length ?? 0) + (item.Read?.Message.Key?.Length ?? 0) + 256;

    private void Put(KafkaItem item)
    {
        items.Enqueue(item);
        bytes += Size(item);
        if (bytes >= MostBytes) IsFull = true;
        something.TrySetResult();
    }
}
