using Confluent.Kafka;
using Holdfast.Telemetry.Sinks.Kafka;

namespace Holdfast.Telemetry.Sources.Kafka;

/// <summary>
/// A member of the consumer group: one thread, which alone uses the client. It goes on asking while nothing is wanted (partitions are paused then), commits what is settled, and knows what to do when
/// the group gives and takes partitions.
/// </summary>
/// <remarks>
/// Where a partition is read from is decided here and not by the client (<c>auto.offset.reset=error</c>): the client would begin at the end, or at the oldest, without a word about what was deleted.
/// </remarks>
internal sealed class KafkaMember : IAsyncDisposable
{
    private static readonly TimeSpan PollAtMost = TimeSpan.FromMilliseconds(100), CommitEvery = TimeSpan.FromMilliseconds(500), LookEvery = TimeSpan.FromSeconds(2), AskAtMost = TimeSpan.FromSeconds(10), AgainAfter = TimeSpan.FromSeconds(1);

    private readonly KafkaSourceOptions options;
    private readonly KafkaReadAhead ahead;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? trouble;
    private bool isPaused;
    private bool isBroken;
    private long committed;
    private long looked;

    public KafkaMember(KafkaSourceOptions options, KafkaReadAhead ahead, TimeProvider time)
    {
        (this.options, this.ahead, this.time) = (options, ahead, time);
        new Thread(Run) { IsBackground = true, Name = "kafka source" }.Start();
    }

    /// <summary>Why nothing can be read now; null: all is well.</summary>
    public string? Trouble => trouble;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await ended.Task;
        ending.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!ending.IsCancellationRequested) LiveOnce();
            ended.SetResult();
        }
        catch (Exception bug)
        {
            ended.SetException(bug);
            throw;
        }
    }

    /// <summary>From connecting until it ends, or until the client is of no use any more.</summary>
    private void LiveOnce()
    {
        try
        {
            var password = options.Access.Password();
            if (password.TryGet(out var secret))
            {
                using var consumer = Connect(secret);
                try
                {
                    Read(consumer);
                }
                finally
                {
                    ahead.RevokeAll();
                }

                return;
            }

            trouble = password.Problems[0].What;
        }
        catch (EntryPointNotFoundException e)
        {
            trouble = $"librdkafka is too old: {e.Message}";
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            trouble = Librdkafka.WhyNot;
        }
        catch (KafkaException e)
        {
            trouble = e.Error.Reason;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // What the client refuses of its configuration.
            trouble = e.Message;
        }

        ending.Token.WaitHandle.WaitOne(AgainAfter);
    }

    private IConsumer<byte[]?, byte[]?> Connect(string secret)
    {
        Librdkafka.Register();
        var config = new ConsumerConfig
        {
            GroupId = options.Group,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            SessionTimeoutMs = 10_000,
            // What the client has read ahead of us, in KiB.
            QueuedMaxMessagesKbytes = 16 << 10,
        };
        options.Access.Apply(config, secret);
        return new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetKeyDeserializer(Deserializers.ByteArray!)
            .SetValueDeserializer(Deserializers.ByteArray!)
            .SetPartitionsAssignedHandler(Assigned)
            .SetPartitionsRevokedHandler((consumer, places) => Revoked(consumer, [.. places.Select(place => place.TopicPartition)], isOurs: true))
            .SetPartitionsLostHandler((consumer, places) => Revoked(consumer, [.. places.Select(place => place.TopicPartition)], isOurs: false))
            .SetErrorHandler((_, error) =>
            {
                trouble = error.Reason;
                isBroken |= error.IsFatal;
            })
            .SetLogHandler((_, _) => { })
            .Build();
    }

    private void Read(IConsumer<byte[]?, byte[]?> consumer)
    {
        (isPaused, isBroken) = (false, false);
        committed = looked = time.GetTimestamp();
        consumer.Subscribe(options.Topics);
        while (!ending.IsCancellationRequested && !isBroken)
        {
            PauseOrResume(consumer);
            if (time.GetElapsedTime(committed) >= CommitEvery) Commit(consumer);
            if (time.GetElapsedTime(looked) >= LookEvery) LookAround(consumer);
            try
            {
                if (consumer.Consume(PollAtMost) is { } read) Take(read);
            }
            catch (ConsumeException e) when (!e.Error.IsFatal)
            {
                Explain(consumer, e);
            }
        }

        Commit(consumer);
        consumer.Close();
    }

    private void Take(ConsumeResult<byte[]?, byte[]?> read)
    {
        trouble = null;
        if (read.IsPartitionEOF) ahead.SeeEnd(read.TopicPartition, read.Offset.Value, isAtEnd: true);
        else ahead.Add(read);
    }

    /// <summary>Paused partitions bring nothing, and the group still hears from us. One that has come meanwhile is paused with the others.</summary>
    private void PauseOrResume(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (ahead.IsFull)
        {
            consumer.Pause(consumer.Assignment);
            isPaused = true;
        }
        else if (isPaused)
        {
            consumer.Resume(consumer.Assignment);
            isPaused = false;
        }
    }

    private void Explain(IConsumer<byte[]?, byte[]?> consumer, ConsumeException e)
    {
        trouble = e.Error.Reason;
        if (e.Error.Code != ErrorCode.Local_AutoOffsetReset || e.ConsumerRecord is not { } at) return;
        // Deleted by the topic's retention while we had not come so far.
        var (low, high) = Watermarks(consumer, at.TopicPartition);
        var place = at.Offset.Value;
        if (place >= 0 && low > place) ahead.Lose(at.TopicPartition, place, low - place);
        ahead.SeeEnd(at.TopicPartition, high, isAtEnd: false);
        consumer.Seek(new(at.TopicPartition, low));
    }

    /// <summary>Where the group has no place, where it is told to begin; where its place is deleted, at the oldest that there is, and what is gone is counted.</summary>
    private IEnumerable<TopicPartitionOffset> Assigned(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> given)
    {
        if (given.Count == 0)
        {
            ahead.AssignNone();
            return [];
        }

        try
        {
            List<TopicPartitionOffset> begin = [];
            List<TopicPartitionOffset> toCommit = [];
            foreach (var place in consumer.Committed(given, AskAtMost))
            {
                var (low, high) = Watermarks(consumer, place.TopicPartition);
                var known = place.Offset.Value >= 0 ? place.Offset.Value : (long?)null;
                // A place behind the end is of a topic that was made anew: all of it is new.
                var start = known is null ? options.FromNow ? high : low : known < low || known > high ? low : known.Value;
                ahead.Assign(place.TopicPartition, start, known < low ? known : null, high);
                begin.Add(new(place.TopicPartition, start));
                // Where it begins with what comes, a restart before the first message must not begin with what comes after that.
                if (known is null) toCommit.Add(new(place.TopicPartition, start));
            }

            if (toCommit.Count > 0) Try(() => consumer.Commit(toCommit));
            return begin;
        }
        catch (KafkaException e)
        {
            // It begins where the group is; where that is nowhere, reading says so.
            trouble = e.Error.Reason;
            foreach (var one in given) ahead.Assign(one, null, null, null);
            return given.Select(one => new TopicPartitionOffset(one, Offset.Unset));
        }
    }

    /// <summary>What is settled of them is committed while they are ours. What is out is not: whoever gets them reads it again, under the same ids.</summary>
    private void Revoked(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> taken, bool isOurs)
    {
        if (isOurs) Commit(consumer, taken);
        foreach (var one in taken) ahead.Revoke(one);
    }

    private void Commit(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyCollection<TopicPartition>? of = null)
    {
        committed = time.GetTimestamp();
        var places = ahead.ToCommit(of);
        if (places.Count == 0) return;
        Try(() =>
        {
            consumer.Commit(places);
            foreach (var place in places) ahead.Committed(place);
        });
    }

    /// <summary>How far the brokers are, for the ledger; and where there was trouble, whether there still is: with nothing to read, the client does not say.</summary>
    private void LookAround(IConsumer<byte[]?, byte[]?> consumer)
    {
        looked = time.GetTimestamp();
        foreach (var one in consumer.Assignment) ahead.SeeEnd(one, consumer.GetWatermarkOffsets(one).High.Value, isAtEnd: false);
        if (trouble is null || consumer.Assignment is not [var first, ..]) return;
        try
        {
            consumer.QueryWatermarkOffsets(first, AskAtMost);
            trouble = null;
        }
        catch (KafkaException e)
        {
            trouble = e.Error.Reason;
        }
    }

    /// <summary>A place that could not be committed is tried again with the next; if the group has taken the partition away, it is not ours to commit.</summary>
    private void Try(Action commit)
    {
        try
        {
            commit();
        }
        catch (KafkaException e)
        {
            trouble = $"the place cannot be committed: {e.Error.Reason}";
        }
    }

    private static (long Low, long High) Watermarks(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition)
    {
        var marks = consumer.QueryWatermarkOffsets(partition, AskAtMost);
        return (marks.Low.Value, marks.High.Value);
    }
}
