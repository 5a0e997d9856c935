using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Sinks.Kafka;

namespace Holdfast.Telemetry.Tests.Sinks;

public sealed class KafkaSinkTests
{
    [KafkaFact]
    public async Task Events_are_messages_with_their_stream_as_key_and_their_id_as_header()
    {
        using var kafka = await MockKafka.StartAsync();
        await using var sink = new KafkaSink(new(new(kafka.Brokers.Split(',')), "events"), TimeProvider.System);
        var batch = Batches.Of("one", "two", "three");
        Assert.IsType<Delivery.All>(await sink.DeliverAsync(batch, [0, 2], CancellationToken.None));
        var messages = (await kafka.ReadAsync("events")).Select(line => line.Split('\t')).ToList();
        Assert.Equal(
            [("node-1.payments-0.0123456789ab.1", "node-1.payments-0.0123456789ab"), ("node-1.payments-0.0123456789ab.3", "node-1.payments-0.0123456789ab")],
            messages.Select(message => (message[0].Split(',')[0]["event-id=".Length..], message[1])).Order());
        Assert.All(messages, message => Assert.Contains("\"event.id\":\"node-1.payments-0", message[2], StringComparison.Ordinal));
    }

    [KafkaFact]
    public async Task An_event_that_is_larger_than_the_brokers_take_is_refused_for_good_and_the_others_are_delivered()
    {
        using var kafka = await MockKafka.StartAsync();
        await using var sink = new KafkaSink(new(new(kafka.Brokers.Split(',')), "events"), TimeProvider.System);
        var each = Assert.IsType<Delivery.Each>(await sink.DeliverAsync(Batches.Of("one", new string('x', 2_000_000), "two"), [0, 1, 2], CancellationToken.None));
        Assert.Equal([EventEnd.Delivered, EventEnd.Never, EventEnd.Delivered], each.Answers.Select(answer => answer.End));
        Assert.Equal(2, (await kafka.ReadAsync("events")).Length);
    }

    [KafkaFact]
    public async Task Law06_brokers_that_stand_still_take_nothing_and_get_it_when_they_are_back()
    {
        using var kafka = await MockKafka.StartAsync();
        await using var sink = new KafkaSink(new(new(kafka.Brokers.Split(',')), "events"), TimeProvider.System);
        var batch = Batches.Of("one");
        await sink.DeliverAsync(batch, [0], CancellationToken.None);
        kafka.Freeze();
        var next = Batches.Of("one", "two");
        var delivering = sink.DeliverAsync(next, [1], CancellationToken.None);
        // Another client hears nothing either.
        Assert.NotEqual(0, await kafka.AskAsync());
        Assert.False(delivering.IsCompleted);
        kafka.Wake();
        Assert.IsType<Delivery.All>(await delivering);
        Assert.Equal(2, (await kafka.ReadAsync("events")).Length);
    }

    [KafkaFact]
    public async Task What_the_client_refuses_of_its_configuration_is_told()
    {
        await using var sink = new KafkaSink(new(new(["127.0.0.1:1"]) { Tls = true, Authorities = "/no/such/file" }, "events"), TimeProvider.System);
        var nothing = Assert.IsType<Delivery.Nothing>(await sink.DeliverAsync(Batches.Of("one"), [0], CancellationToken.None));
        Assert.Contains("ssl.ca.location", nothing.Why, StringComparison.Ordinal);
    }
}
