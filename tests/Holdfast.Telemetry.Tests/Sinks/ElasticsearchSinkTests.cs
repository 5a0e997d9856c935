using Holdfast.Core.Problems;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;
using Holdfast.Telemetry.Sinks.Elasticsearch;

namespace Holdfast.Telemetry.Tests.Sinks;

public sealed class ElasticsearchSinkTests : IDisposable
{
    private readonly ElasticsearchDouble index = new();

    public void Dispose() => index.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_are_created_under_their_ids(bool gzip)
    {
        await using var sink = Sink(gzip);
        var batch = Batches.Of("one", "two");
        Assert.IsType<Delivery.All>(await DeliverAsync(sink, batch));
        Assert.Equal(["node-1.payments-0.0123456789ab.1", "node-1.payments-0.0123456789ab.2"], index.Documents.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("two", (string)index.Documents["node-1.payments-0.0123456789ab.2"]["message"]!);
        Assert.Equal(["POST /logs-holdfast-test/_bulk ApiKey secret"], index.Paths);
    }

    /// <summary>vector#140, #2968, #11359, #25799; logstash#1631: HTTP 200 with an item's 429 was taken for delivered.</summary>
    [Fact]
    public async Task Vector140_an_items_own_answer_counts_and_not_the_requests()
    {
        await using var sink = Sink();
        var statuses = new Dictionary<string, int> { ["1"] = 201, ["2"] = 429, ["3"] = 503, ["4"] = 400, ["5"] = 409 };
        index.OfItem = (id, _) => statuses[id.Split('.')[^1]];
        var each = Assert.IsType<Delivery.Each>(await DeliverAsync(sink, Batches.Of("1", "2", "3", "4", "5")));
        Assert.Equal([EventEnd.Delivered, EventEnd.Later, EventEnd.Later, EventEnd.Never, EventEnd.Delivered], each.Answers.Select(answer => answer.End));
        Assert.Equal("400 error_400: as it was told, since test: node-1.payments-0.0123456789ab.4", each.Answers[3].Why);
    }

    [Fact]
    public async Task What_was_delivered_although_the_answer_was_lost_is_there_once()
    {
        await using var sink = Sink();
        index.BreaksOff = true;
        Assert.IsType<Delivery.Nothing>(await DeliverAsync(sink, Batches.Of("one", "two")));
        index.BreaksOff = false;
        Assert.IsType<Delivery.All>(await DeliverAsync(sink, Batches.Of("one", "two")));
        Assert.Equal(2, index.Documents.Count);
    }

    [Fact]
    public async Task A_request_that_is_too_large_comes_in_parts()
    {
        await using var sink = Sink();
        index.LargestRequest = 1_500;
        var batch = Batches.Of([.. Enumerable.Range(0, 20).Select(i => $"event {i}")]);
        var (state, requests) = (DeliveryMachine.Begin(20), 0);
        for (; !state.IsOver; requests++) state = DeliveryMachine.Step(state, await sink.DeliverAsync(batch, state.Asked, CancellationToken.None), 0).State;
        Assert.Equal(20, index.Documents.Count);
        Assert.True(requests is > 4 and < 25, $"{requests} requests");
    }

    [Theory]
    [InlineData(401, "answered 401: no")]
    [InlineData(503, "answered 503: no")]
    [InlineData(429, "answered 429: no")]
    public async Task An_answer_to_the_whole_request_delivers_nothing_and_says_why(int status, string why)
    {
        await using var sink = Sink();
        (index.OfRequest, index.RetryAfter) = (_ => (status, "no"), "7");
        var nothing = Assert.IsType<Delivery.Nothing>(await DeliverAsync(sink, Batches.Of("one")));
        Assert.Contains(why, nothing.Why, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(7), nothing.NotBefore);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{\"items\":[]}")]
    [InlineData("{}")]
    [InlineData("{\"items\":[{\"create\":{\"status\":201}},{\"create\":")]
    public async Task An_answer_that_is_none_delivers_nothing(string body)
    {
        await using var sink = Sink();
        index.OfRequest = _ => (200, body);
        Assert.IsType<Delivery.Nothing>(await DeliverAsync(sink, Batches.Of("one")));
    }

    [Fact]
    public async Task Where_one_node_is_away_the_next_is_asked()
    {
        await using var sink = new ElasticsearchSink(new([new("http://127.0.0.1:1"), index.Url], "logs-holdfast-test"), new SocketsHttpHandler(), TimeProvider.System);
        Assert.IsType<Delivery.Nothing>(await DeliverAsync(sink, Batches.Of("one")));
        Assert.IsType<Delivery.All>(await DeliverAsync(sink, Batches.Of("one")));
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_is_told_and_nothing_is_sent()
    {
        await using var sink = new ElasticsearchSink(new([index.Url], "t") { Authorization = () => new Problem(ProblemKind.Failed, "file.read", "cannot read /etc/key") }, new SocketsHttpHandler(), TimeProvider.System);
        Assert.Equal("cannot read /etc/key", Assert.IsType<Delivery.Nothing>(await DeliverAsync(sink, Batches.Of("one"))).Why);
        Assert.Empty(index.Paths);
    }

    private ElasticsearchSink Sink(bool gzip = true) =>
        new(new([index.Url], "logs-holdfast-test") { Gzip = gzip, Authorization = () => "ApiKey secret" }, new SocketsHttpHandler(), TimeProvider.System);

    private static Task<Delivery> DeliverAsync(ElasticsearchSink sink, EventBatch batch) => sink.DeliverAsync(batch, Batches.All(batch), CancellationToken.None);
}
