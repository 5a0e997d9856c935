using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Config;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Tests.Raw;
using Holdfast.Rpc.Wire;
using Holdfast.Testing.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Rpc.Tests.Retries;

/// <summary>Calls that the server says it has not looked at: they are made again once, at once and without counting, whatever the policy.</summary>
public sealed class TransparentRetryTests
{
    private readonly ConcurrentQueue<string?> whole = new();

    private static CallOptions Soon => new() { Timeout = RpcFixture.Patience };

    [Fact]
    public async Task A_refused_call_is_made_again_without_counting()
    {
        await using var server = await RefusingAsync(1);
        using var channel = Channel(server.Address);

        Assert.Equal("x", await AskAsync(channel));

        Assert.Equal([null, null], whole);
    }

    [Fact]
    public async Task A_call_that_is_refused_again_has_failed()
    {
        await using var server = await RefusingAsync(100);
        using var channel = Channel(server.Address);

        var failure = await Assert.ThrowsAsync<RpcException>(() => AskAsync(channel));

        Assert.Equal(new RpcStatus(StatusCode.Unavailable, "the server refused the call, and refused it again"), failure.Status);
        Assert.Equal([null, null], whole);
    }

    [Fact]
    public async Task After_that_the_policy_decides()
    {
        await using var server = await RefusingAsync(3);
        using var channel = Channel(server.Address, Everything);

        Assert.Equal("x", await AskAsync(channel));

        Assert.Equal([null, null, "1", "2"], whole);
    }

    [Fact]
    public async Task A_call_that_a_leaving_server_has_not_looked_at_is_made_again()
    {
        await using var rpc = await RpcFixture.StartAsync();
        await using var relay = new Relay(rpc.Address);
        relay.Answer = async stream =>
        {
            relay.Answer = null;
            await RawAnswers.GoAwayAsync(stream, last: 0, Http2Error.NoError, "");
        };
        using var channel = Channel(relay.Address);

        Assert.Equal("x", await AskAsync(channel));

        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task Messages_that_went_with_a_refused_stream_are_not_left_out_of_the_next()
    {
        var ended = 0;
        await using var server = await HostileServer.StartAsync(async http =>
        {
            if (await http.Request.Body.ReadAsync(new byte[5]) > 0) http.Features.GetRequiredFeature<IHttpResetFeature>().Reset((int)Http2Error.RefusedStream);
            else Interlocked.Increment(ref ended);
        });
        using var channel = Channel(server.Address);
        using var call = channel.ClientStreaming(TestService.Sum, Soon);

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true) await call.WriteAsync(new Int32Value { Value = 1 });
        });

        Assert.Equal(StatusCode.Unavailable, failure.Status.Code);
        Assert.Equal(0, Volatile.Read(ref ended));
    }

    [Fact]
    public async Task A_stream_of_messages_moves_to_the_next_stream_as_long_as_none_was_sent()
    {
        using var content = new StreamedContent<StringValue>(compress: false, maxBytes: null);
        using var refused = new MemoryStream();
        using var taken = new MemoryStream();
        using var third = new MemoryStream();
        var first = content.CopyToAsync(refused);
        var second = content.CopyToAsync(taken);

        await content.WriteAsync(new StringValue { Value = "x" }, default);

        Assert.Equal(0, refused.Length);
        Assert.True(taken.Length > 0);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => content.CopyToAsync(third))).Status.Code);
        content.End();
        await Task.WhenAll(first, second);
    }

    private static ServiceConfig Everything => new()
    {
        Methods = [.. Flaky.Retried().Methods.Select(method => method with { Names = [new()] })],
    };

    private static async Task<string> AskAsync(RpcChannel channel) => (await channel.UnaryAsync(TestService.Echo, new StringValue { Value = "x" }, Soon)).Value;

    private static RpcChannel Channel(Uri address, ServiceConfig? config = null) =>
        new(RpcTransport.Tcp(address), TimeProvider.System, new RpcChannelOptions { Config = config });

    /// <summary>Refuses so many whole requests, then gives them back.</summary>
    private Task<HostileServer> RefusingAsync(int times) => HostileServer.StartAsync(async http =>
    {
        var request = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(request, http.RequestAborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A request that was taken back before its message.
            return;
        }

        whole.Enqueue(http.Request.Headers["grpc-previous-rpc-attempts"]);
        if (whole.Count <= times)
        {
            http.Features.GetRequiredFeature<IHttpResetFeature>().Reset((int)Http2Error.RefusedStream);
            return;
        }

        http.Response.ContentType = "application/grpc";
        await http.Response.BodyWriter.WriteAsync(request.ToArray());
        http.Response.AppendTrailer("grpc-status", "0");
    });
}
