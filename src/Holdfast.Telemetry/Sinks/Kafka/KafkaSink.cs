using System.Text;
using Confluent.Kafka;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sinks.Kafka;

/// <summary>
/// Events as messages of a topic. Delivered is what the brokers have acknowledged, all replicas in sync (<c>acks=all</c>), by the delivery report of each message and nothing else. The key is the
/// stream, so that its events stay in order; the header <c>event-id</c> is the same whenever one comes again. Within one connection nothing comes twice (<c>enable.idempotence</c>).
/// </summary>
/// <remarks>Regression: confluent-kafka-dotnet#246. Nothing can be taken back out of the client's memory, so nothing is only there: what it has not confirmed is still in its segment.</remarks>
public sealed class KafkaSink(KafkaOptions options, TimeProvider time) : ISink
{
    /// <summary>A message that was not acknowledged by then comes again. The client's own default is five minutes, in which nobody is told anything.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RoomAgain = TimeSpan.FromMilliseconds(20);

    private IProducer<byte[], byte[]>? producer;
    private volatile string trouble = "";

    public async Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(asked);
        try
        {
            if (producer is null && Connect() is { } refused) return refused;
            return await ProduceAsync(batch, asked, cancel);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            return new Delivery.Nothing(Librdkafka.WhyNot);
        }
        catch (KafkaException e)
        {
            Close();
            return new Delivery.Nothing(e.Error.Reason);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // What the client refuses of its configuration.
            Close();
            return new Delivery.Nothing(e.Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private Delivery.Nothing? Connect()
    {
        var password = options.Access.Password();
        if (!password.TryGet(out var secret)) return new(password.Problems[0].What);
        Librdkafka.Register();
        var config = new ProducerConfig
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 5,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
            CompressionType = Enum.Parse<CompressionType>(options.Compression, ignoreCase: true),
        };
        options.Access.Apply(config, secret);
        producer = new ProducerBuilder<byte[], byte[]>(config).SetErrorHandler((_, error) => trouble = error.Reason).SetLogHandler((_, _) => { }).Build();
        return null;
    }

    private async Task<Delivery> ProduceAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        var answers = new EventAnswer[asked.Count];
        var isFatal = false;
        var left = asked.Count;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < asked.Count; i++)
        {
            var place = i;
            var id = batch.Id(asked[i]);
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(StreamOf(id)),
                Value = batch.Line(asked[i]).ToArray(),
                Headers = new Headers { { "event-id", Encoding.UTF8.GetBytes(id) }, { "content-type", "application/json"u8.ToArray() } },
            };
            await WithRoomAsync(message, Reported, cancel);

            void Reported(DeliveryReport<byte[], byte[]> report)
            {
                if (report.Error.IsFatal) isFatal = true;
                answers[place] = Judge(report.Error);
                if (Interlocked.Decrement(ref left) == 0) all.TrySetResult();
            }
        }

        await all.Task.WaitAsync(cancel);
        // A client that has failed for good says so to each message from then on: another one begins.
        if (isFatal) Close();
        if (answers.All(answer => answer.End == EventEnd.Delivered))
        {
            trouble = "";
            return Delivery.All.Of;
        }

        return new Delivery.Each(answers);
    }

    /// <summary>The same for all events of a stream. An id that somebody else gave is none of a stream.</summary>
    private static string StreamOf(string id) => id.LastIndexOf('.') is > 0 and var dot ? id[..dot] : id;

    /// <summary>The client's queue is short on purpose of nobody but itself: who produces waits, and drops nothing.</summary>
    private async Task WithRoomAsync(Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>> reported, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                producer!.Produce(options.Topic, message, reported);
                return;
            }
            catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(RoomAgain, time, cancel);
            }
            catch (ProduceException<byte[], byte[]> refused) when (Judge(refused.Error).End == EventEnd.Never)
            {
                reported(new DeliveryReport<byte[], byte[]> { Error = refused.Error });
                return;
            }
        }
    }

    /// <summary>What no later attempt would change is refused for good; all else, a missing topic and a missing right included, can be mended by somebody.</summary>
    private EventAnswer Judge(Error error) => error.Code switch
    {
        ErrorCode.NoError => new(EventEnd.Delivered),
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord or ErrorCode.InvalidMsgSize => new(EventEnd.Never, error.Reason),
        ErrorCode.Local_MsgTimedOut when trouble.Length > 0 => new(EventEnd.Later, $"{error.Reason}: {trouble}"),
        _ => new(EventEnd.Later, error.Reason),
    };

    private void Close()
    {
        producer?.Dispose();
        producer = null;
    }
}
