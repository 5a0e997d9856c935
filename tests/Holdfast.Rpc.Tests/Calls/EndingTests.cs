using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Testing;

namespace Holdfast.Rpc.Tests.Calls;

/// <summary>Deadlines, cancellation, and a server that stops.</summary>
public sealed class EndingTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_deadline_ends_the_call_on_both_sides(bool unix)
    {
        await using var rpc = await RpcFixture.StartAsync(unix);

        await UntilServedAsync(rpc, async timeout =>
        {
            var e = await Assert.ThrowsAsync<RpcException>(() => rpc.Channel.UnaryAsync(TestService.Hang, new StringValue(), new CallOptions { Timeout = timeout }));
            Assert.Equal(StatusCode.DeadlineExceeded, e.Status.Code);
        });

        await rpc.Service.Cancelled.Task.WaitAsync(RpcFixture.Patience);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_already_is_exceeded()
    {
        await using var rpc = await RpcFixture.StartAsync();

        var e = await Assert.ThrowsAsync<RpcException>(() =>
            rpc.Channel.UnaryAsync(TestService.Echo, new StringValue(), new CallOptions { Timeout = TimeSpan.FromSeconds(-1) }));

        Assert.Equal(StatusCode.DeadlineExceeded, e.Status.Code);
    }

    [Fact]
    public async Task A_deadline_ends_a_stream_whose_reader_stands_still()
    {
        await using var rpc = await RpcFixture.StartAsync();
        await UntilServedAsync(rpc, async timeout =>
        {
            using var call = rpc.Channel.ServerStreaming(TestService.Flood, new Int32Value { Value = 1_000_000 }, new CallOptions { Timeout = timeout });
            // Nothing is read before the deadline has passed.
            await Task.Delay(timeout, TimeProvider.System);
            if (rpc.Service.Waiting.Task.IsCompleted) await rpc.Service.Cancelled.Task.WaitAsync(RpcFixture.Patience);
            var e = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                await foreach (var _ in call.ReadAllAsync())
                {
                    // To its end.
                }
            });
            Assert.Equal(StatusCode.DeadlineExceeded, e.Status.Code);
        });
    }

    /// <summary>The handler has ended by the cancellation before the one who cancels comes to say why.</summary>
    [Fact]
    public async Task A_handler_that_ends_at_once_does_not_hide_the_reason()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var call = await ChatAsync(rpc, "alice");
        await call.WriteAsync(new StringValue { Value = "wait" });
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);

        await rpc.Server.EndStreamsAsync(_ => new RpcException(StatusCode.PermissionDenied, "she left"));

        var e = await Assert.ThrowsAsync<RpcException>(() => call.MoveNext(default).WaitAsync(RpcFixture.Patience));
        Assert.Equal(new RpcStatus(StatusCode.PermissionDenied, "she left"), e.Status);
    }

    [Fact]
    public async Task Streams_that_may_go_on_no_longer_end_with_the_reason_and_no_others()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var alice = await ChatAsync(rpc, "alice");
        using var bob = await ChatAsync(rpc, "bob");
        var waiting = alice.MoveNext(default);

        await rpc.Server.EndStreamsAsync(context =>
            context.RequestHeaders.GetText("who") == "alice" ? new RpcException(new RpcStatus(StatusCode.PermissionDenied, "she left"), [new MetadataEntry("since", "today")]) : null);

        var e = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(RpcFixture.Patience));
        Assert.Equal(new RpcStatus(StatusCode.PermissionDenied, "she left"), e.Status);
        Assert.Equal("today", e.Trailers.GetText("since"));
        await bob.WriteAsync(new StringValue { Value = "still here" });
        Assert.True(await bob.MoveNext(default));
        await Eventually.SeeAsync("nobody looks at hers any longer", async () =>
        {
            var seen = new List<string?>();
            await rpc.Server.EndStreamsAsync(context =>
            {
                seen.Add(context.RequestHeaders.GetText("who"));
                return null;
            });
            return string.Join(", ", seen);
        }, seen => seen == "bob");
        Assert.Empty(rpc.Bugs);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_cancels_cancels_the_handler(bool unix)
    {
        await using var rpc = await RpcFixture.StartAsync(unix);
        using var stop = new CancellationTokenSource();
        var call = rpc.Channel.UnaryAsync(TestService.Hang, new StringValue(), new CallOptions(stop.Token));
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);

        await stop.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).Status.Code);
        await rpc.Service.Cancelled.Task.WaitAsync(RpcFixture.Patience);
        Assert.Empty(rpc.Bugs);
    }

    [Fact]
    public async Task Disposing_a_stream_half_read_cancels_it()
    {
        await using var rpc = await RpcFixture.StartAsync(unix: true);
        using (var call = rpc.Channel.ServerStreaming(TestService.Flood, new Int32Value { Value = 1000 }, default))
        {
            Assert.True(await call.MoveNext(default));
        }

        await rpc.Service.Cancelled.Task.WaitAsync(RpcFixture.Patience);
    }

    [Fact]
    public async Task Cancelling_between_two_messages_ends_the_reading()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var stop = new CancellationTokenSource();
        using var call = rpc.Channel.Duplex(TestService.Chat, default);
        await call.WriteAsync(new StringValue { Value = "wait" });
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);
        var reading = call.MoveNext(stop.Token);

        await stop.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => reading)).Status.Code);
        await rpc.Service.Cancelled.Task.WaitAsync(RpcFixture.Patience);
    }

    [Fact]
    public async Task A_server_that_stops_lets_calls_end_and_takes_no_new_ones()
    {
        await using var rpc = await RpcFixture.StartAsync();
        var running = rpc.Channel.UnaryAsync(TestService.Hang, new StringValue(), default);
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);

        var draining = rpc.Server.DrainAsync(RpcFixture.Patience);

        var e = await Assert.ThrowsAsync<RpcException>(() => rpc.Channel.UnaryAsync(TestService.Echo, new StringValue(), default));
        Assert.Equal(StatusCode.Unavailable, e.Status.Code);
        Assert.False(draining.IsCompleted);
        rpc.Service.Release.SetResult();
        Assert.Equal("released", (await running).Value);
        await draining.WaitAsync(RpcFixture.Patience);
    }

    [Fact]
    public async Task A_server_that_loses_patience_ends_calls_as_unavailable()
    {
        await using var rpc = await RpcFixture.StartAsync();
        var running = rpc.Channel.UnaryAsync(TestService.Hang, new StringValue(), default);
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);

        await rpc.Server.DrainAsync(TimeSpan.Zero);

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => running)).Status.Code);
    }

    [Fact]
    public async Task A_server_that_vanishes_makes_its_calls_unavailable()
    {
        var rpc = await RpcFixture.StartAsync(unix: true);
        using var call = rpc.Channel.Duplex(TestService.Chat, default);
        await call.WriteAsync(new StringValue { Value = "wait" });
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);
        var reading = call.MoveNext(default);

        await rpc.Host.DisposeAsync();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => reading)).Status.Code);
        await rpc.DisposeAsync();
    }

    private static async Task<DuplexCall<StringValue, StringValue>> ChatAsync(RpcFixture rpc, string who)
    {
        var call = rpc.Channel.Duplex(TestService.Chat, new CallOptions { Headers = [new MetadataEntry("who", who)] });
        await call.WriteAsync(new StringValue { Value = "hello" });
        Assert.True(await call.MoveNext(default));
        return call;
    }

    /// <summary>A deadline may pass before the server has heard of the call; then there is nothing to see there, and it gets a longer one.</summary>
    private static async Task UntilServedAsync(RpcFixture rpc, Func<TimeSpan, Task> call)
    {
        for (var timeout = TimeSpan.FromMilliseconds(100); !rpc.Service.Waiting.Task.IsCompleted; timeout *= 2) await call(timeout);
    }
}
