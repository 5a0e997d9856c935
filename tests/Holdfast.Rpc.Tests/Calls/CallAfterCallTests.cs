using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;

namespace Holdfast.Rpc.Tests.Calls;

/// <summary>The objects of a call may have another one afterwards, and nobody can tell.</summary>
public sealed class CallAfterCallTests
{
    private const int Calls = 20;

    [Fact]
    public async Task A_call_sees_nothing_of_those_before_it_on_its_connection()
    {
        var seen = new List<(object? Peer, string? Header, int Trailers, bool Compress, bool Cancelled, bool Deadline)>();
        await using var rpc = await RpcFixture.StartAsync(before: context =>
        {
            seen.Add((context.Peer, context.RequestHeaders.GetText("x-first"), context.ResponseTrailers.Count, context.Compress,
                context.Cancel.IsCancellationRequested, context.Deadline is not null));
            context.Peer = "somebody";
            context.Compress = true;
            context.ResponseTrailers.Add("x-more", "of it");
            return Task.CompletedTask;
        });
        await rpc.Channel.UnaryAsync(TestService.Echo, new StringValue(), new CallOptions { Headers = new() { { "x-first", "yes" } }, Timeout = RpcFixture.Patience });

        for (var i = 0; i < Calls; i++) Assert.Equal($"{i}", (await rpc.Channel.UnaryAsync(TestService.Echo, new StringValue { Value = $"{i}" }, default)).Value);

        Assert.Equal((null, "yes", 0, false, false, true), seen[0]);
        Assert.All(seen.Skip(1), one => Assert.Equal((null, null, 0, false, false, false), one));
    }

    [Fact]
    public async Task A_context_that_was_kept_is_cancelled_and_leads_nowhere()
    {
        var kept = new List<ServerCallContext>();
        await using var rpc = await RpcFixture.StartAsync(before: context =>
        {
            kept.Add(context);
            return Task.CompletedTask;
        });
        for (var i = 0; i < Calls; i++) await rpc.Channel.UnaryAsync(TestService.Echo, new StringValue(), default);
        // The last answer may be here before the server is done with its call.
        await rpc.Server.DrainAsync(RpcFixture.Patience);

        Assert.All(kept, context =>
        {
            Assert.True(context.Cancel.IsCancellationRequested);
            Assert.Throws<ObjectDisposedException>(() => context.Peer);
            Assert.Throws<ObjectDisposedException>(() => context.ResponseTrailers);
        });
    }

    [Fact]
    public async Task A_call_after_one_that_ran_out_of_time_is_a_call_like_others()
    {
        await using var rpc = await RpcFixture.StartAsync();
        for (var timeout = TimeSpan.FromMilliseconds(50); !rpc.Service.Waiting.Task.IsCompleted; timeout *= 2)
            await Assert.ThrowsAsync<RpcException>(() => rpc.Channel.UnaryAsync(TestService.Hang, new StringValue(), new CallOptions { Timeout = timeout }));

        for (var i = 0; i < Calls; i++) Assert.Equal($"{i}", (await rpc.Channel.UnaryAsync(TestService.Echo, new StringValue { Value = $"{i}" }, default)).Value);
    }
}
