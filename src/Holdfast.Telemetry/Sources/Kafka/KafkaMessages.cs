using System.Globalization;
using Confluent.Kafka;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sources.Kafka;

/// <summary>Messages as events. None is refused: what is no text, no JSON or nothing at all is an event with what it is.</summary>
internal static class KafkaMessages
{
    private const string IdHeader = "event-id";

    /// <param name="batch">Where to.</param>
    /// <param name="number">Of the partition in the batch.</param>
    /// <param name="cluster">What ids begin with.</param>
    /// <param name="read">The message.</param>
    public static void Add(EventBatch batch, int number, string cluster, ConsumeResult<byte[]?, byte[]?> read)
    {
        var message = read.Message;
        SourceEvent.Add(batch, number, read.Offset.Value, 1, message.Value ?? [], read.Topic, At(message.Timestamp), Id(cluster, read), Members);

        void Members(EventBuffer to)
        {
            AddPlace(to, read.TopicPartition);
            RelayedLine.Add(to, "kafka.offset", read.Offset.Value);
            if (message.Value is null) to.Add(",\"kafka.tombstone\":true"u8);
            if (message.Key is { } key) RelayedLine.AddAny(to, "kafka.key", key);
            AddHeaders(to, message.Headers);
        }
    }

    /// <summary>Messages that were deleted before they were read are told as an event: a reader of the sink would not miss them otherwise.</summary>
    public static void AddLoss(EventBatch batch, int number, string cluster, TopicPartition partition, long from, long messages, DateTimeOffset at)
    {
        var start = batch.Buffer.Length;
        var id = string.Create(CultureInfo.InvariantCulture, $"{cluster}.{partition.Topic}.{partition.Partition.Value}.lost.{from}");
        var text = string.Create(CultureInfo.InvariantCulture, $"up to {messages} messages of {partition.Topic}, partition {partition.Partition.Value}, were deleted before they were read: from offset {from} on");
        RelayedLine.Begin(batch.Buffer, partition.Topic, at, from, id, System.Text.Encoding.UTF8.GetBytes(text));
        AddPlace(batch.Buffer, partition);
        RelayedLine.Add(batch.Buffer, "labels.stream", "holdfast"u8);
        RelayedLine.End(batch.Buffer);
        batch.Add(new(start, batch.Buffer.Length - start, number, from, 0), id);
    }

    /// <summary>The producer's own where it gave one; else where the message stands. Its time is in it as well: a topic that was deleted and made again has the same places, and other messages there.</summary>
    private static string Id(string cluster, ConsumeResult<byte[]?, byte[]?> read)
    {
        if (read.Message.Headers is { } headers && headers.TryGetLastBytes(IdHeader, out var given) && given is not null && EventIds.IsValid(given)) return System.Text.Encoding.ASCII.GetString(given);
        return string.Create(CultureInfo.InvariantCulture, $"{cluster}.{read.Topic}.{read.Partition.Value}.{read.Message.Timestamp.UnixTimestampMs}.{read.Offset.Value}");
    }

    private static DateTimeOffset At(Timestamp timestamp) =>
        timestamp.Type == TimestampType.NotAvailable || timestamp.UnixTimestampMs is < 0 or > 253_402_300_799_999 ? DateTimeOffset.UnixEpoch : DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);

    private static void AddPlace(EventBuffer to, TopicPartition partition)
    {
        RelayedLine.Add(to, "kafka.topic", System.Text.Encoding.UTF8.GetBytes(partition.Topic));
        RelayedLine.Add(to, "kafka.partition", partition.Partition.Value);
    }

    /// <summary>As <c>NAME=VALUE</c> in their order: names may repeat, and a header for each would be a field for each in whatever indexes them.</summary>
    private static void AddHeaders(EventBuffer to, Headers? headers)
    {
        if (headers is null || headers.Count == 0) return;
        to.Add(",\"kafka.headers\":["u8);
        foreach (var (index, header) in headers.Index())
        {
            if (index > 0) to.Add((byte)',');
            to.Add((byte)'"');
            to.AddEscaped(System.Text.Encoding.UTF8.GetBytes(header.Key));
            to.Add((byte)'=');
            // Bytes that are no text become marks of that.
            to.AddEscaped(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(header.GetValueBytes() ?? [])));
            to.Add((byte)'"');
        }

        to.Add((byte)']');
    }
}
