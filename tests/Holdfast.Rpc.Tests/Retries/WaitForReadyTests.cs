using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Config;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Testing.Clocks;

namespace Holdfast.Rpc.Tests.Retries;

public sealed class WaitForReadyTests : IAsyncLifetime
{
    private static readonly StringValue Word = new() { Value = "word" };

    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("holdfast-rpc-").FullName, "api.sock");
    private readonly RpcServer server = new(new RpcServerOptions { OnBug = (_, e) => Assert.Fail(e.ToString()) }, TimeProvider.System, new TestService());
    private readonly ManualClock clock = new();
    private int attempts;
    private int failures;
    private RpcHost? host;

    private static CallOptions Waiting => new() { WaitForReady = true };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (host is not null) await host.DisposeAsync();
        server.Dispose();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task All_kinds_of_calls_wait_for_the_server()
    {
        using var channel = Channel();
        var unary = channel.UnaryAsync(TestService.Echo, Word, Waiting);
        using var reading = channel.ServerStreaming(TestService.Count, new Int32Value { Value = 1 }, Waiting);
        var read = reading.MoveNext(default);
        using var writing = channel.ClientStreaming(TestService.Sum, Waiting);
        var written = writing.WriteAsync(new Int32Value { Value = 7 });
        using var both = channel.Duplex(TestService.Chat, Waiting);
        var said = both.WriteAsync(Word);
        await FailedAsync();

        await ListenAsync();
        // Whoever goes ahead may have lost a race with the listener, and waits once more.
        var all = Task.WhenAll(unary, read, written, said);
        await Eventually.SeeAsync("all are through", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return all.IsCompleted;
        });

        await all;
        Assert.Equal(Word, await unary);
        Assert.True(await read);
        Assert.Equal(7, (await writing.CompleteAsync()).Value);
        Assert.True(await both.MoveNext(default));
    }

    [Fact]
    public async Task Those_who_wait_try_one_at_a_time()
    {
        using var channel = Channel();
        var calls = new List<Task<StringValue>> { channel.UnaryAsync(TestService.Echo, Word, Waiting) };
        await FailedAsync();
        calls.AddRange(Enumerable.Range(0, 20).Select(_ => channel.UnaryAsync(TestService.Echo, Word, Waiting)));

        // 1.6 times longer each time.
        for (var (made, seconds) = (1, 1.0); made < 5; made++, seconds *= 1.6)
        {
            Assert.Equal(made, Volatile.Read(ref attempts));
            var began = clock.GetTimestamp();
            await Eventually.SeeAsync("another attempt", () =>
            {
                // In steps: that the wait has begun is told by nobody.
                if (Volatile.Read(ref failures) == made) clock.Advance(TimeSpan.FromSeconds(0.25));
                return Volatile.Read(ref failures) > made;
            });
            Assert.True(clock.GetElapsedTime(began) >= TimeSpan.FromSeconds(seconds - 0.001), $"attempt {made + 1} came after {clock.GetElapsedTime(began)}");
        }

        await ListenAsync();
        var all = Task.WhenAll(calls);
        await Eventually.SeeAsync("all are through", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return all.IsCompleted;
        });
        Assert.All(await all, answer => Assert.Equal(Word, answer));
    }

    [Fact]
    public async Task A_deadline_ends_the_waiting_and_says_why_it_was_long()
    {
        using var channel = Channel();
        var call = channel.UnaryAsync(TestService.Echo, Word, Waiting with { Timeout = TimeSpan.FromMinutes(1) });
        var ended = Assert.ThrowsAsync<RpcException>(() => call);
        await Eventually.SeeAsync("the deadline has passed", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return ended.IsCompleted;
        });

        var failure = await ended;
        Assert.Equal(StatusCode.DeadlineExceeded, failure.Status.Code);
        Assert.StartsWith("the server could not be reached before the deadline: ", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_and_closing_end_the_waiting()
    {
        using var stop = new CancellationTokenSource();
        var channel = Channel();
        var cancelled = channel.UnaryAsync(TestService.Echo, Word, Waiting with { Cancel = stop.Token });
        var left = channel.UnaryAsync(TestService.Echo, Word, Waiting);
        await FailedAsync();

        await stop.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => cancelled)).Status.Code);
        channel.Dispose();
        await Eventually.SeeAsync("the other has ended", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return left.IsCompleted;
        });
        var closed = new RpcStatus(StatusCode.Cancelled, "the channel was closed here");
        Assert.Equal(closed, (await Assert.ThrowsAsync<RpcException>(() => left)).Status);
        Assert.Equal(closed, (await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Echo, Word, default))).Status);
    }

    [Fact]
    public async Task A_config_may_say_it_and_a_call_may_say_otherwise()
    {
        using var channel = Channel(ServiceConfig.Parse("""{ "methodConfig": [{ "name": [{}], "waitForReady": true }] }"""));
        var waiting = channel.UnaryAsync(TestService.Echo, Word, default);

        var failure = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Echo, Word, new CallOptions { WaitForReady = false }));
        Assert.Equal(StatusCode.Unavailable, failure.Status.Code);
        Assert.False(waiting.IsCompleted);

        // Who does not wait opens the way for those who do.
        await ListenAsync();
        await channel.UnaryAsync(TestService.Echo, Word, new CallOptions { WaitForReady = false });
        Assert.Equal(Word, await waiting.WaitAsync(RpcFixture.Patience));
    }

    private Task FailedAsync() => Eventually.SeeAsync("a connection has failed", () => Volatile.Read(ref failures) > 0);

    private async Task ListenAsync() => host = await RpcHost.ListenUnixSocketAsync(path, server, default);

    /// <summary>On the clock of the test: nobody tries again before it says so.</summary>
    private RpcChannel Channel(ServiceConfig? config = null) => new(
        RpcTransport.Local(async cancel =>
        {
            Interlocked.Increment(ref attempts);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }),
        clock,
        new RpcChannelOptions
        {
            Config = config,
            // Asked for once per failure, when it counts already.
            Chance = () =>
            {
                Interlocked.Increment(ref failures);
                return 0.5;
            },
        });
}
