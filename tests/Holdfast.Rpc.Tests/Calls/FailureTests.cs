using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;

namespace Holdfast.Rpc.Tests.Calls;

public sealed class FailureTests
{
    private const string Awkward = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n 100%";

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_status_comes_with_its_message_and_trailers(bool unix)
    {
        await using var rpc = await RpcFixture.StartAsync(unix);

        var e = await FailAsync(rpc, Awkward);

        Assert.Equal(StatusCode.NotFound, e.Status.Code);
        Assert.Equal(Awkward, e.Status.Detail);
        Assert.Equal([1, 2, 3], e.Trailers.GetBytes("why-bin"));
    }

    [Fact]
    public async Task Law10_a_bug_of_a_handler_is_told_to_the_host_and_not_to_the_client()
    {
        await using var rpc = await RpcFixture.StartAsync();

        var e = await FailAsync(rpc, "bug");

        Assert.Equal(StatusCode.Unknown, e.Status.Code);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
        Assert.Equal("the secret of the handler", Assert.Single(rpc.Bugs).Message);
    }

    [Fact]
    public async Task The_hosts_own_exceptions_are_translated()
    {
        await using var rpc = await RpcFixture.StartAsync();

        Assert.Equal(new RpcStatus(StatusCode.FailedPrecondition, "slow"), (await FailAsync(rpc, "translated")).Status);
        Assert.Empty(rpc.Bugs);
    }

    [Fact]
    public async Task A_method_that_nobody_serves_is_unimplemented()
    {
        await using var rpc = await RpcFixture.StartAsync();

        var e = await Assert.ThrowsAsync<RpcException>(() => rpc.Channel.UnaryAsync(TestService.Missing, new StringValue(), default));

        Assert.Equal(StatusCode.Unimplemented, e.Status.Code);
    }

    [Fact]
    public async Task A_request_over_the_limit_is_refused_before_it_is_read()
    {
        await using var rpc = await RpcFixture.StartAsync(maxMessageBytes: 1000);

        var e = await Assert.ThrowsAsync<RpcException>(() =>
            rpc.Channel.UnaryAsync(TestService.Echo, new StringValue { Value = new string('x', 2_000_000) }, default));

        Assert.Equal(StatusCode.ResourceExhausted, e.Status.Code);
    }

    [Fact]
    public async Task An_answer_over_the_limit_is_refused_by_the_client()
    {
        await using var rpc = await RpcFixture.StartAsync();

        var e = await Assert.ThrowsAsync<RpcException>(() => rpc.Channel.UnaryAsync(TestService.Large, new Int32Value { Value = 5_000_000 }, default));

        Assert.Equal(StatusCode.ResourceExhausted, e.Status.Code);
    }

    [Fact]
    public async Task A_client_that_goes_on_sending_to_a_call_that_failed_learns_its_status()
    {
        await using var rpc = await RpcFixture.StartAsync(unix: true);
        using var call = rpc.Channel.ClientStreaming(TestService.Sum, default);
        await call.WriteAsync(new Int32Value { Value = -1 });

        var e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var i = 0; i < 100_000; i++) await call.WriteAsync(new Int32Value { Value = 1 });
            await call.CompleteAsync();
        });

        Assert.Equal(new RpcStatus(StatusCode.InvalidArgument, "negative"), e.Status);
    }

    [Fact]
    public async Task Who_is_not_let_in_gets_no_further()
    {
        await using var rpc = await RpcFixture.StartAsync(before: _ => throw new RpcException(StatusCode.PermissionDenied, "not you"));

        Assert.Equal(StatusCode.PermissionDenied, (await FailAsync(rpc, "anything")).Status.Code);
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable_on_a_socket_and_on_tcp()
    {
        using var local = new RpcChannel(RpcTransport.UnixSocket(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))), TimeProvider.System);
        using var closed = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        closed.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using var tcp = new RpcChannel(RpcTransport.Tcp(new Uri($"http://{closed.LocalEndPoint}")), TimeProvider.System);

        foreach (var channel in new[] { local, tcp })
        {
            var unary = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Echo, new StringValue(), default));
            Assert.Equal(StatusCode.Unavailable, unary.Status.Code);
            using var call = channel.ClientStreaming(TestService.Sum, default);
            var streaming = await Assert.ThrowsAsync<RpcException>(() => call.WriteAsync(new Int32Value()));
            Assert.Equal(StatusCode.Unavailable, streaming.Status.Code);
        }
    }

    private static async Task<RpcException> FailAsync(RpcFixture rpc, string how) =>
        await Assert.ThrowsAsync<RpcException>(() => rpc.Channel.UnaryAsync(TestService.Fail, new StringValue { Value = how }, default));
}
