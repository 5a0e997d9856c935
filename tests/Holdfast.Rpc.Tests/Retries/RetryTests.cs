using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Config;
using Holdfast.Rpc.Tests.Calls;

namespace Holdfast.Rpc.Tests.Retries;

public sealed class RetryTests : IAsyncLifetime
{
    private static readonly StringValue Word = new() { Value = "word" };

    /// <summary>A wait that no test sees the end of.</summary>
    private static readonly TimeSpan Forever = TimeSpan.FromHours(10);

    private readonly Flaky service = new();
    private readonly List<RpcChannel> channels = [];
    private RpcPair rpc = null!;

    private static CallOptions Soon => new() { Timeout = RpcFixture.Patience };

    public async Task InitializeAsync() => rpc = await RpcPair.StartAsync(service, new TestService());

    public async Task DisposeAsync()
    {
        foreach (var channel in channels) channel.Dispose();
        await rpc.DisposeAsync();
    }

    [Fact]
    public async Task A_call_that_fails_twice_is_made_a_third_time_and_says_so()
    {
        service.Failures = 2;

        Assert.Equal(Word, await Channel(Flaky.Retried()).UnaryAsync(Flaky.Ask, Word, Soon));

        Assert.Equal([null, "1", "2"], service.Attempts);
    }

    [Fact]
    public async Task A_stream_is_made_again_until_it_begins()
    {
        service.Failures = 2;
        using var call = Channel(Flaky.Retried()).ServerStreaming(Flaky.Tell, Word, Soon);

        await call.HeadersAsync();
        Assert.True(await call.MoveNext(default));
        Assert.Equal(Word, call.Current);
        Assert.False(await call.MoveNext(default));
        Assert.False(await call.MoveNext(default));

        Assert.Equal([null, "1", "2"], service.Attempts);
    }

    [Fact]
    public async Task What_has_begun_to_answer_is_not_made_again()
    {
        (service.Failures, service.AnswersFirst) = (2, true);
        var channel = Channel(Flaky.Retried());

        await FailsAsync(channel);
        using var call = channel.ServerStreaming(Flaky.Tell, Word, Soon);
        Assert.True(await call.MoveNext(default));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.MoveNext(default))).Status.Code);

        Assert.Equal([null, null], service.Attempts);
    }

    [Fact]
    public async Task The_failure_of_the_last_attempt_is_the_calls()
    {
        service.Failures = 100;

        var failure = await FailsAsync(Channel(Flaky.Retried(attempts: 3)));

        Assert.Equal(new RpcStatus(StatusCode.Unavailable, "not now"), failure.Status);
        Assert.Equal([null, "1", "2"], service.Attempts);
    }

    [Fact]
    public async Task Without_a_policy_and_for_another_status_there_is_one_attempt()
    {
        service.Failures = 2;
        await FailsAsync(rpc.Channel);
        service.Status = StatusCode.Aborted;
        Assert.Equal(StatusCode.Aborted, (await FailsAsync(Channel(Flaky.Retried()))).Status.Code);

        Assert.Equal([null, null], service.Attempts);
    }

    [Fact]
    public async Task A_call_that_streams_its_messages_is_not_made_again()
    {
        service.Failures = 1;
        using var call = Channel(Flaky.Retried()).ClientStreaming(Flaky.Gather, Soon);

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.CompleteAsync())).Status.Code);

        Assert.Single(service.Attempts);
    }

    [Fact]
    public async Task A_message_too_large_to_be_kept_is_sent_once()
    {
        service.Failures = 1;

        await FailsAsync(Channel(Flaky.Retried()), new StringValue { Value = new string('x', RpcLimits.MaxRetriedBytes) });

        Assert.Single(service.Attempts);
    }

    [Fact]
    public async Task The_server_may_have_it_sooner_than_the_policy()
    {
        (service.Failures, service.Pushback) = (2, "0");

        Assert.Equal(Word, await Channel(Flaky.Retried(backoff: Forever)).UnaryAsync(Flaky.Ask, Word, Soon with { Timeout = null }));

        Assert.Equal(3, service.Attempts.Count);
    }

    [Fact]
    public async Task The_server_may_want_no_retry()
    {
        (service.Failures, service.Pushback) = (1, "-1");

        await FailsAsync(Channel(Flaky.Retried()));

        Assert.Single(service.Attempts);
    }

    [Fact]
    public async Task A_wait_beyond_the_deadline_is_not_begun()
    {
        service.Failures = 1;

        Assert.Equal(StatusCode.Unavailable, (await FailsAsync(Channel(Flaky.Retried(backoff: Forever)))).Status.Code);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_the_next_attempt()
    {
        service.Failures = 2;
        using var stop = new CancellationTokenSource();
        var waits = 0;
        using var channel = new RpcChannel(
            RpcTransport.Tcp(new Uri(rpc.Host.Addresses.Single())),
            TimeProvider.System,
            new RpcChannelOptions { Config = Flaky.Retried(backoff: Forever), Chance = () => Interlocked.Increment(ref waits) });
        var call = channel.UnaryAsync(Flaky.Ask, Word, new CallOptions(stop.Token));
        using var stream = channel.ServerStreaming(Flaky.Tell, Word, default);
        var reading = stream.MoveNext(stop.Token);
        await Eventually.SeeAsync("both wait", () => Volatile.Read(ref waits) == 2);

        await stop.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).Status.Code);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => reading)).Status.Code);
    }

    [Fact]
    public async Task A_server_in_trouble_is_spared()
    {
        service.Failures = 3;
        var channel = Channel(Flaky.Retried(throttling: new RetryThrottling(4, 1)));

        // 4 tokens: after the second failure no more than half are left.
        await FailsAsync(channel);
        Assert.Equal(2, service.Attempts.Count);
        await FailsAsync(channel);
        Assert.Equal(3, service.Attempts.Count);

        // Three successes later there is one to take.
        for (var i = 0; i < 3; i++) await channel.UnaryAsync(Flaky.Ask, Word, Soon);
        service.Failures = 1;
        await channel.UnaryAsync(Flaky.Ask, Word, Soon);
    }

    [Fact]
    public async Task Timeout_and_sizes_of_the_config_hold()
    {
        var config = ServiceConfig.Parse("""
            { "methodConfig": [{ "name": [{}], "timeout": "0.2s", "maxRequestMessageBytes": 100, "maxResponseMessageBytes": 200 }] }
            """);
        var channel = Channel(config);

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Hang, Word, default))).Status.Code);
        // The sizes by themselves: so little time may be too little for any call.
        channel = Channel(config with { Methods = [config.Methods[0] with { Timeout = null }] });
        var large = new StringValue { Value = new string('x', 100) };
        Assert.Contains("lets be sent", (await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Echo, large, Soon))).Message, StringComparison.Ordinal);
        using var call = channel.ClientStreaming(Flaky.Gather, Soon);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => call.WriteAsync(large))).Status.Code);
        Assert.Equal(
            StatusCode.ResourceExhausted,
            (await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Large, new Int32Value { Value = 200 }, Soon))).Status.Code);
        Assert.Equal(190, (await channel.UnaryAsync(TestService.Large, new Int32Value { Value = 190 }, Soon)).Value.Length);
    }

    [Fact]
    public void A_channel_takes_no_config_that_is_wrong() =>
        Assert.Contains("maxAttempts", Assert.Throws<ServiceConfigException>(() => Channel(Flaky.Retried(attempts: 1))).Message, StringComparison.Ordinal);

    private static async Task<RpcException> FailsAsync(RpcChannel channel, StringValue? word = null) =>
        await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(Flaky.Ask, word ?? Word, Soon));

    private RpcChannel Channel(ServiceConfig config)
    {
        var channel = new RpcChannel(RpcTransport.Tcp(new Uri(rpc.Host.Addresses.Single())), TimeProvider.System, new RpcChannelOptions { Config = config });
        channels.Add(channel);
        return channel;
    }
}
