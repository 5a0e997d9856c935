using Holdfast.Core.Problems;
using Holdfast.Core.Shipping;
using Holdfast.Rpc;
using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sinks.Otlp;
using Holdfast.Telemetry.Sinks.Otlp.Wire;

namespace Holdfast.Telemetry.Tests.Sinks;

public sealed class OtlpSinkTests : IAsyncLifetime
{
    private OtlpDouble receiver = null!;

    public async Task InitializeAsync() => receiver = await OtlpDouble.StartAsync();

    public async Task DisposeAsync() => await receiver.DisposeAsync();

    [Theory]
    [InlineData("grpc", true)]
    [InlineData("grpc", false)]
    [InlineData("http", true)]
    [InlineData("http", false)]
    public async Task Events_are_log_records_of_who_wrote_them(string protocol, bool gzip)
    {
        await using var sink = Sink(protocol, new() { Gzip = gzip, Headers = () => "# for the tests\nAuthorization: Bearer secret\n\n" });
        Assert.IsType<Delivery.All>(await DeliverAsync(sink, Batches.Of("one", "two")));
        Assert.Equal(["one", "two"], receiver.Records.Select(record => record.Body.StringValue));
        Assert.Equal(["node-1.payments-0.0123456789ab.1", "node-1.payments-0.0123456789ab.2"], receiver.Records.Select(record => Attribute(record, "event.id")));
        var resource = receiver.Requests.Single().ResourceLogs.Single().Resource;
        Assert.Equal(
            [("service.name", "payments"), ("service.instance.id", "payments-0"), ("service.node.name", "payments-0"), ("host.name", "node-1")],
            resource.Attributes.Select(one => (one.Key, one.Value.StringValue)));
        Assert.StartsWith("Bearer secret", receiver.Shown.Single(), StringComparison.Ordinal);
        if (protocol == "http") Assert.Equal(gzip, receiver.Shown.Single().EndsWith(" gzip", StringComparison.Ordinal));
    }

    /// <summary>The numbers of opentelemetry-proto's logs_service.proto, logs.proto, resource.proto and common.proto, read without anything generated.</summary>
    [Fact]
    public async Task The_wire_has_the_official_numbers()
    {
        await using var sink = Sink("http", new() { Gzip = false });
        var batch = Batches.Of();
        Add(batch, """{"@timestamp":"2026-11-27T15:00:01.2340000Z","event.created":"2026-11-27T15:00:02.0000000Z","log.level":"WARN","message":"seven","trace.id":"0af7651916cd43dd8448eb211c80319c","span.id":"b7ad6b7169203331","n":7,"f":0.5,"b":true,"a":[1],"o":{"k":"v"},"service.name":"payments"}""");
        Assert.IsType<Delivery.All>(await DeliverAsync(sink, batch));
        var resourceLogs = new RawProtobuf(receiver.Body).One(1);
        Assert.Equal([1, 2], resourceLogs.Numbers);
        var service = resourceLogs.One(1).One(1);
        Assert.Equal(("service.name", "payments"), (service.Text(1), service.One(2).Text(1)));
        var scopeLogs = resourceLogs.One(2);
        Assert.Equal("holdfast", scopeLogs.One(1).Text(1));
        var record = scopeLogs.One(2);
        Assert.Equal([1, 2, 3, 5, 6, 9, 10, 11], record.Numbers);
        Assert.Equal((1_795_791_601_234_000_000UL, 1_795_791_602_000_000_000UL), (record.Value(1), record.Value(11)));
        Assert.Equal((13UL, "WARN", "seven"), (record.Value(2), record.Text(3), record.One(5).Text(1)));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (Convert.ToHexStringLower(record.Bytes(9)), Convert.ToHexStringLower(record.Bytes(10))));
        var values = record.All(6).ToDictionary(one => one.Text(1), one => one.One(2));
        Assert.Equal(["a", "b", "f", "n", "o"], values.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((7UL, BitConverter.DoubleToUInt64Bits(0.5), 1UL), (values["n"].Value(3), values["f"].Value(4), values["b"].Value(2)));
        Assert.Equal(1UL, values["a"].One(5).One(1).Value(3));
        Assert.Equal(("k", "v"), (values["o"].One(6).One(1).Text(1), values["o"].One(6).One(1).One(2).Text(1)));
    }

    [Fact]
    public async Task Whatever_a_service_wrote_into_its_json_arrives()
    {
        await using var sink = Sink("grpc");
        var batch = Batches.Of();
        Add(batch, """{"@timestamp":"yesterday","message":{"code":5},"log.level":3,"half":"\ud800","\udc00":1,"large":12345678901234567890,"endless":1e999,"nothing":null,"twice":1,"twice":2,"trace.id":"none"}""");
        Add(batch, "no json at all");
        Assert.IsType<Delivery.All>(await DeliverAsync(sink, batch));
        var record = receiver.Records[0];
        Assert.Equal(5, record.Body.KvlistValue.Values.Single().Value.IntValue);
        var values = record.Attributes.ToDictionary(one => one.Key, one => one.Value);
        Assert.Equal(("yesterday", 3L, "\\ud800", "12345678901234567890"), (values["@timestamp"].StringValue, values["log.level"].IntValue, values["half"].StringValue, values["large"].StringValue));
        Assert.Equal((1L, "1e999", AnyValue.ValueOneofCase.None, 2L, "none"), (values["\\udc00"].IntValue, values["endless"].StringValue, values["nothing"].ValueCase, values["twice"].IntValue, values["trace.id"].StringValue));
        Assert.Equal("no json at all", receiver.Records[1].Body.StringValue);
    }

    /// <summary>OTLP/gRPC, "Failures": what may come again, and what may not.</summary>
    [Theory]
    [InlineData(StatusCode.Cancelled, true)]
    [InlineData(StatusCode.DeadlineExceeded, true)]
    [InlineData(StatusCode.Aborted, true)]
    [InlineData(StatusCode.OutOfRange, true)]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.DataLoss, true)]
    [InlineData(StatusCode.Unauthenticated, true)]
    [InlineData(StatusCode.PermissionDenied, true)]
    [InlineData(StatusCode.Unimplemented, true)]
    [InlineData(StatusCode.ResourceExhausted, false)]
    [InlineData(StatusCode.InvalidArgument, false)]
    [InlineData(StatusCode.Internal, false)]
    [InlineData(StatusCode.Unknown, false)]
    public async Task A_status_of_grpc_is_waited_for_or_searched_for_what_it_is_about(StatusCode code, bool waits)
    {
        await using var sink = Sink("grpc");
        receiver.Says = _ => new(Grpc: code);
        var said = await DeliverAsync(sink, Batches.Of("one", "two"));
        Assert.Equal(waits ? typeof(Delivery.Nothing) : typeof(Delivery.TooMuch), said.GetType());
        receiver.Says = _ => null;
        Assert.IsType<Delivery.All>(await DeliverAsync(sink, Batches.Of("one", "two")));
        Assert.Equal(2, receiver.Records.Count);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(413, false)]
    [InlineData(400, false)]
    [InlineData(500, false)]
    public async Task A_status_of_http_is_waited_for_or_searched_for_what_it_is_about(int status, bool waits)
    {
        await using var sink = Sink("http");
        receiver.Says = _ => new(Http: status, RetryAfter: TimeSpan.FromSeconds(7));
        var said = await DeliverAsync(sink, Batches.Of("one"));
        if (waits) Assert.Equal(new Delivery.Nothing($"127.0.0.1 answered {status}: as it was told", TimeSpan.FromSeconds(7)), said);
        else Assert.Equal(new Delivery.TooMuch($"127.0.0.1 answered {status}: as it was told"), said);
    }

    /// <summary>opentelemetry-go#4661: RESOURCE_EXHAUSTED may come again only where the server says when.</summary>
    [Theory]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unavailable)]
    public async Task OpentelemetryGo4661_a_server_that_says_when_it_has_room_is_left_alone_until_then(StatusCode code)
    {
        await using var sink = Sink("grpc");
        receiver.Says = _ => new(Grpc: code, RetryAfter: TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<Delivery.Nothing>(await DeliverAsync(sink, Batches.Of("one"))).NotBefore);
    }

    /// <summary>opentelemetry-collector#9415: of an event that it can never take, a collector says INTERNAL, or 500. It does not hold up the others.</summary>
    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    public async Task OpentelemetryCollector9415_an_event_that_is_never_taken_is_put_aside_alone(string protocol)
    {
        await using var sink = Sink(protocol);
        receiver.Says = records => records.Any(record => record.Body.StringValue == "event 13") ? new(500, StatusCode.Internal) : null;
        var putAside = await BringAsync(sink, Batches.Of([.. Enumerable.Range(0, 50).Select(i => $"event {i}")]));
        Assert.Equal([13], putAside);
        Assert.Equal(49, receiver.Records.Count);
    }

    /// <summary>OTLP, "Partial success": it says how many it has refused and not which, and a client must not send them again.</summary>
    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    public async Task Law06_where_some_of_a_request_are_refused_none_of_it_is_sent_again_and_all_are_put_aside(string protocol)
    {
        await using var sink = Sink(protocol);
        receiver.Says = records => records.Count(record => record.Body.StringValue.StartsWith("bad", StringComparison.Ordinal)) is var bad and > 0 ? new(Rejected: bad) : null;
        var first = Batches.Of([.. Enumerable.Range(0, 31).Select(i => $"good {i}"), "bad"]);
        var each = Assert.IsType<Delivery.Each>(await DeliverAsync(sink, first));
        Assert.All(each.Answers, answer => Assert.Equal(new(EventEnd.Never, "the receiver refused 1 of 32 events and does not say which: as it was told"), answer));

        // From then on few are put aside with one that is refused, and none is sent twice.
        var putAside = await BringAsync(sink, Batches.Of([.. Enumerable.Range(0, 31).Select(i => $"fine {i}"), "bad"]));
        Assert.Contains(31, putAside);
        Assert.True(putAside.Count < 32, $"{putAside.Count} put aside");
        var sent = receiver.Requests.SelectMany(request => request.ResourceLogs).SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords).Select(record => record.Body.StringValue).ToList();
        Assert.Equal(31, sent.Count(text => text.StartsWith("fine", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_all_of_a_request_are_refused_the_reason_is_the_receivers()
    {
        await using var sink = Sink("grpc");
        receiver.Says = records => new(Rejected: records.Count);
        var each = Assert.IsType<Delivery.Each>(await DeliverAsync(sink, Batches.Of("one", "two")));
        Assert.Equal([new(EventEnd.Never, "as it was told"), new(EventEnd.Never, "as it was told")], each.Answers);
    }

    /// <summary>Nobody has spoken for the receiver: an endpoint that is written wrong makes no dead letters.</summary>
    [Fact]
    public async Task What_is_no_receiver_at_all_says_nothing_of_the_events()
    {
        using var index = new ElasticsearchDouble();
        await using var grpc = OtlpSink.Grpc(index.Url, null, new(), TimeProvider.System);
        Assert.IsType<Delivery.Nothing>(await DeliverAsync(grpc, Batches.Of("one")));
        await using var http = OtlpSink.Http(new("http://127.0.0.1:1"), null, new(), TimeProvider.System);
        Assert.IsType<Delivery.Nothing>(await DeliverAsync(http, Batches.Of("one")));
    }

    [Fact]
    public async Task Headers_that_are_none_are_told_without_what_stands_there()
    {
        foreach (var headers in new Func<Outcome<string>>[] { () => "Bearer s3cret", () => "a: b\nnämë: s3cret", () => "key: s3crét", () => new Problem(ProblemKind.Failed, "file.read", "cannot read /etc/headers") })
        {
            await using var sink = Sink("grpc", new() { Headers = headers });
            var nothing = Assert.IsType<Delivery.Nothing>(await DeliverAsync(sink, Batches.Of("one")));
            Assert.DoesNotContain("s3cr", nothing.Why, StringComparison.Ordinal);
        }

        Assert.Empty(receiver.Requests);
    }

    private OtlpSink Sink(string protocol, OtlpOptions? options = null) =>
        protocol == "grpc" ? OtlpSink.Grpc(receiver.Grpc, null, options ?? new(), TimeProvider.System) : OtlpSink.Http(receiver.Http, null, options ?? new(), TimeProvider.System);

    private static Task<Delivery> DeliverAsync(OtlpSink sink, EventBatch batch) => sink.DeliverAsync(batch, Batches.All(batch), CancellationToken.None);

    /// <summary>As a shipper does it.</summary>
    private static async Task<List<int>> BringAsync(OtlpSink sink, EventBatch batch)
    {
        List<int> putAside = [];
        for (var state = DeliveryMachine.Begin(batch.Events.Count); !state.IsOver;)
        {
            var step = DeliveryMachine.Step(state, await sink.DeliverAsync(batch, state.Asked, CancellationToken.None), 0);
            putAside.AddRange(step.Refused.Select(refused => refused.Event));
            state = step.State;
        }

        return putAside;
    }

    private static void Add(EventBatch batch, string line)
    {
        var start = batch.Buffer.Length;
        batch.Buffer.Add(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        batch.Add(new(start, batch.Buffer.Length - start, 0, batch.Events.Count + 1, 1));
    }

    private static string Attribute(LogRecord record, string name) => record.Attributes.Single(one => one.Key == name).Value.StringValue;
}
