using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sinks.Kafka;
using Holdfast.Telemetry.Sources;
using Holdfast.Telemetry.Sources.Kafka;
using Holdfast.Telemetry.Tests.Sinks;
using Holdfast.Testing;

namespace Holdfast.Telemetry.Tests.Sources;

/// <summary>A member of a consumer group of librdkafka's mock brokers.</summary>
public sealed class KafkaSourceTests
{
    private static readonly EventBatch batch = new();

    [KafkaFact]
    public async Task Each_message_is_an_event_with_its_place_whatever_it_is()
    {
        using var kafka = await MockKafka.StartAsync();
        await ProduceAsync(
            kafka,
            Message("plain text", key: "k-1", ("trace", "a"), ("trace", "b")),
            Message("""{"msg":"json","level":"info","service.name":"orders"}""", null, ("event-id", "theirs-7")),
            Message("""{"@timestamp":"2026-11-27T15:00:01Z","event.id":"node-1.payments-0.0123456789ab.7","ecs.version":"9.4.0","message":"ours"}""", "x"),
            new() { Value = [0xff, 0xfe], Key = [0xff] },
            new() { Value = null!, Key = "gone"u8.ToArray() },
            Message("""{"@timestamp":""", null, ("event-id", "not \"an\" id")));
        await using var source = Source(kafka);
        var events = await TakeAllAsync(source, 6);
        Assert.Equal(["plain text", "json", "ours", "\ufffd\ufffd", "", "{\"@timestamp\":"], events.Select(one => (string?)one.Event["message"]));
        Assert.Equal((0L, "events", 0, "k-1", """["trace=a","trace=b"]"""), ((long)events[0].Event["kafka.offset"]!, (string?)events[0].Event["kafka.topic"], (int)events[0].Event["kafka.partition"]!, (string?)events[0].Event["kafka.key"], events[0].Event["kafka.headers"]!.ToJsonString()));
        Assert.Matches("^bank\\.events\\.0\\.[0-9]+\\.0$", events[0].Id);
        Assert.Equal(("theirs-7", "orders"), (events[1].Id, (string?)events[1].Event["service.name"]));
        Assert.Equal(("node-1.payments-0.0123456789ab.7", false), (events[2].Id, events[2].Event.AsObject().ContainsKey("kafka.offset")));
        Assert.Equal(("//4=", "/w=="), ((string?)events[3].Event["line.base64"], (string?)events[3].Event["kafka.key.base64"]));
        Assert.True((bool)events[4].Event["kafka.tombstone"]!);
        Assert.Matches("^bank\\.events\\.0\\.[0-9]+\\.5$", events[5].Id);
        Assert.All(events, one => Assert.Equal(one.Id, (string?)one.Event["event.id"]));
    }

    /// <summary>confluent-kafka-dotnet#246: what is only in the client's memory is gone with the process.</summary>
    [KafkaFact]
    public async Task ConfluentKafkaDotnet246_a_place_is_committed_when_its_events_are_settled_and_not_before()
    {
        using var kafka = await MockKafka.StartAsync();
        await ProduceAsync(kafka, Message("one"), Message("two"));
        await using (var source = Source(kafka))
        {
            Assert.Equal(2, (await TakeAllAsync(source, 2, settle: false)).Count);
        }

        Assert.Equal(0, Committed(kafka));
        await using (var source = Source(kafka))
        {
            Assert.Equal(["one", "two"], (await TakeAllAsync(source, 2)).Select(one => (string?)one.Event["message"]));
            var stream = source.Streams.Single(one => one.Name == "events-0");
            Assert.Equal((2L, 2L, 2L), (stream.Count.Produced(stream.Written), stream.Count.Delivered, stream.Written));
            await Eventually.SeeAsync("that the place is committed", () => Committed(kafka) == 2);
        }

        await ProduceAsync(kafka, Message("three"));
        await using var next = Source(kafka);
        Assert.Equal(["three"], (await TakeAllAsync(next, 1)).Select(one => (string?)one.Event["message"]));
    }

    [KafkaFact]
    public async Task What_a_partition_that_was_taken_away_had_out_is_not_committed_by_us_and_not_lost()
    {
        using var kafka = await MockKafka.StartAsync();
        await ProduceAsync(kafka, [.. Enumerable.Range(0, 40).Select(i => (i % 4, Message($"{i}")))]);
        var first = Source(kafka);
        // All of it is out when the group gives half of the partitions to another.
        await Eventually.SeeAsync("all partitions", () => first.Streams.Sum(one => one.Written) == 40);
        var had = await TakeAllAsync(first, 40, settle: false);
        await using var second = Source(kafka);
        Dictionary<string, string> seen = had.ToDictionary(one => one.Id, one => (string)one.Event["message"]!, StringComparer.Ordinal);
        List<string> again = [];
        await Eventually.SeeAsync(
            "that the second has half of the partitions from their beginning",
            async () =>
            {
                again.AddRange((await TakeAsync(second)).Select(one => one.Id));
                return again.Count;
            },
            count => count == 20);
        Assert.All(again, id => Assert.Contains(id, seen.Keys));
        // What was out of them is settled too late, and neither counted nor committed any more.
        first.Settle(new long[first.Streams.Count]);
        await first.DisposeAsync();
        Assert.InRange(first.Streams.Sum(one => one.Count.Delivered), 0, 20);
        foreach (var partition in again.Select(id => int.Parse(id.Split('.')[2], null)).Distinct())
        {
            Assert.Equal(0, first.Streams.Single(one => one.Name == $"events-{partition}").Count.Delivered);
            Assert.Equal(0, Committed(kafka, partition));
        }
    }

    [KafkaFact]
    public async Task Where_it_begins_with_what_comes_a_restart_before_the_first_message_loses_none()
    {
        using var kafka = await MockKafka.StartAsync();
        await ProduceAsync(kafka, Message("old"));
        await using (var source = Source(kafka, fromNow: true))
        {
            await Eventually.SeeAsync("that it has begun", async () => (await TakeAsync(source)).Count, _ => source.IsAtEnd);
        }

        await ProduceAsync(kafka, Message("new"));
        await using var next = Source(kafka, fromNow: true);
        Assert.Equal(["new"], (await TakeAllAsync(next, 1)).Select(one => (string?)one.Event["message"]));
    }

    /// <summary>A topic that was deleted and made again has fewer messages than the group has read of the one before.</summary>
    [KafkaFact]
    public async Task A_place_behind_the_end_begins_at_the_oldest()
    {
        using var kafka = await MockKafka.StartAsync();
        await ProduceAsync(kafka, Message("one"), Message("two"));
        using (var other = Client(kafka)) other.Commit([new("events", 0, 1_000)]);
        await using var source = Source(kafka, fromNow: true);
        Assert.Equal(["one", "two"], (await TakeAllAsync(source, 2)).Select(one => (string?)one.Event["message"]));
    }

    [KafkaFact]
    public async Task Law06_messages_that_were_deleted_before_they_were_read_are_counted_as_lost_and_told()
    {
        using var kafka = await MockKafka.StartAsync();
        await ProduceAsync(kafka, Message("first"));
        await using (var source = Source(kafka)) await TakeAllAsync(source, 1);
        // The mock keeps 5 MB of a partition, as a topic's retention does.
        await ProduceAsync(kafka, [.. Enumerable.Range(1, 30).Select(i => (0, Message(i + new string('x', 500_000))))]);
        await using var next = Source(kafka);
        List<JsonNode> events = [];
        await Eventually.SeeAsync(
            "all that is left",
            async () =>
            {
                events.AddRange((await TakeAsync(next, settle: true)).Select(one => one.Event));
                return next.Streams.SingleOrDefault(one => one.Name == "events-0");
            },
            seen => seen is { Count.Next: 31 });
        var count = next.Streams.Single(one => one.Name == "events-0").Count;
        Assert.True(count.IsBalanced);
        Assert.True(count is { From: 1, Lost: > 0, PutAside: 0 }, $"{count}");
        Assert.Equal(30, count.Lost + count.Delivered);
        Assert.Equal($"up to {count.Lost} messages of events, partition 0, were deleted before they were read: from offset 1 on", (string?)events[0]["message"]);
        Assert.Equal(count.Delivered + 1, events.Count);
    }

    [KafkaFact]
    public async Task While_nobody_takes_anything_memory_is_bounded_and_it_stays_a_member()
    {
        using var kafka = await MockKafka.StartAsync();
        // The mock keeps 5 MB of a partition.
        await ProduceAsync(kafka, [.. Enumerable.Range(0, 36).Select(i => (i % 4, Message(i + new string('x', 500_000))))]);
        var ahead = new KafkaReadAhead();
        await using (new KafkaMember(Options(kafka, fromNow: false), ahead, TimeProvider.System))
        {
            await Eventually.SeeAsync("that it is full", () => ahead.IsFull);
            var taken = 0;
            await Eventually.SeeAsync(
                "that all can be taken although it was full",
                () =>
                {
                    while (ahead.TryTake(out _)) taken++;
                    return Task.FromResult(taken);
                },
                count => count == 36);
        }
    }

    [KafkaFact]
    public async Task Trouble_is_told_and_is_over_when_it_is()
    {
        await using var source = new KafkaSource(new(new(["127.0.0.1:1"]), ["events"], "relay"), TimeProvider.System);
        await Eventually.SeeAsync("that it cannot be reached", () => source.Trouble is not null);
        using var kafka = await MockKafka.StartAsync();
        await using var wrong = new KafkaSource(new(new(kafka.Brokers.Split(',')) { Tls = true, Authorities = "/no/such/file" }, ["events"], "relay"), TimeProvider.System);
        await Eventually.SeeAsync("what the client refuses of its configuration", () => wrong.Trouble?.Contains("ssl.ca.location", StringComparison.Ordinal) == true);
    }

    private static KafkaSource Source(MockKafka kafka, bool fromNow = false) => new(Options(kafka, fromNow), TimeProvider.System);

    private static KafkaSourceOptions Options(MockKafka kafka, bool fromNow) => new(new(kafka.Brokers.Split(',')), ["events"], "relay") { Cluster = "bank", FromNow = fromNow };

    /// <summary>What a batch of it is, settled.</summary>
    private static async Task<List<(string Id, JsonNode Event)>> TakeAsync(KafkaSource source, bool settle = false)
    {
        batch.Clear();
        await source.FillAsync(batch, 1 << 20, CancellationToken.None);
        List<(string, JsonNode)> taken = [.. Enumerable.Range(0, batch.Events.Count).Select(i => (batch.Id(i), JsonNode.Parse(batch.Line(i).Span)!))];
        if (settle) source.Settle(new long[batch.Streams]);
        return taken;
    }

    private static async Task<List<(string Id, JsonNode Event)>> TakeAllAsync(KafkaSource source, int events, bool settle = true)
    {
        List<(string Id, JsonNode Event)> taken = [];
        await Eventually.SeeAsync(
            $"{events} events",
            async () =>
            {
                if (taken.Count < events) taken.AddRange(await TakeAsync(source, settle));
                return (taken.Count, source.Trouble);
            },
            seen => seen.Count >= events);
        return taken;
    }

    private static Message<byte[], byte[]> Message(string text, string? key = null, params (string Name, string Value)[] headers)
    {
        var made = new Message<byte[], byte[]> { Value = Encoding.UTF8.GetBytes(text), Key = key is null ? null! : Encoding.UTF8.GetBytes(key), Headers = [] };
        foreach (var (name, value) in headers) made.Headers.Add(name, Encoding.UTF8.GetBytes(value));
        return made;
    }

    private static Task ProduceAsync(MockKafka kafka, params Message<byte[], byte[]>[] messages) => ProduceAsync(kafka, [.. messages.Select(message => (0, message))]);

    private static async Task ProduceAsync(MockKafka kafka, params (int Partition, Message<byte[], byte[]> Message)[] messages)
    {
        Librdkafka.Register();
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.Brokers, Acks = Acks.All }).Build();
        foreach (var (partition, message) in messages) await producer.ProduceAsync(new TopicPartition("events", partition), message);
    }

    private static IConsumer<byte[], byte[]> Client(MockKafka kafka)
    {
        Librdkafka.Register();
        return new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Brokers, GroupId = "relay", EnableAutoCommit = false }).Build();
    }

    /// <summary>What the group has of a partition; 0: nothing.</summary>
    private static long Committed(MockKafka kafka, int partition = 0)
    {
        using var client = Client(kafka);
        return Math.Max(0, client.Committed([new("events", partition)], TimeSpan.FromSeconds(10)).Single().Offset.Value);
    }
}
