using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Tests.Raw;
using Holdfast.Rpc.Wire;
using Holdfast.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Rpc.Tests.Retries;

public sealed class KeepaliveTests
{
    private const byte Ping = 6;

    private static readonly StringValue Word = new() { Value = "word" };

    [Fact]
    public async Task A_client_that_answers_no_ping_does_not_keep_its_call()
    {
        var service = new TestService();
        await using var server = await ServingAsync(service);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await client.GetStream().WriteAsync(ShortFrames.Request(TestService.Hang.Path, RawTests.Frame("x")));
        await service.Waiting.Task.WaitAsync(RpcFixture.Patience);

        // It is there, and reads nothing.
        await service.Cancelled.Task.WaitAsync(RpcFixture.Patience);
    }

    [Fact]
    public async Task A_client_that_answers_pings_keeps_its_call()
    {
        var service = new TestService();
        await using var server = await ServingAsync(service);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(ShortFrames.Request(TestService.Hang.Path, RawTests.Frame("x")));
        using var patience = new CancellationTokenSource(RpcFixture.Patience, TimeProvider.System);
        var head = new byte[ShortFrames.HeadBytes];
        for (var pings = 0; ;)
        {
            await stream.ReadExactlyAsync(head, patience.Token);
            var frame = ShortFrames.Read(head);
            var content = new byte[frame.Length];
            await stream.ReadExactlyAsync(content, patience.Token);
            if (frame.Type == Ping && (frame.Flags & ShortFrames.Ack) == 0)
            {
                await stream.WriteAsync(RawAnswers.Pong(content), patience.Token);
                // More than the silence that would have ended it.
                if (++pings == 3) service.Release.SetResult();
            }

            if (frame is { Type: ShortFrames.Headers, Stream: ShortFrames.Stream } && (frame.Flags & ShortFrames.EndStream) != 0)
            {
                Assert.True(ShortFrames.SaysOk(content));
                Assert.False(service.Cancelled.Task.IsCompleted);
                return;
            }
        }
    }

    [Fact]
    public async Task A_server_that_answers_no_ping_is_unavailable()
    {
        var pings = 0;
        await using var relay = new Relay(new Uri("http://nobody")) { Answer = stream => RawAnswers.KeepQuietAsync(stream, () => Interlocked.Increment(ref pings)) };
        using var channel = new RpcChannel(
            RpcTransport.Tcp(relay.Address),
            TimeProvider.System,
            new RpcChannelOptions { Keepalive = new Keepalive { Interval = Keepalive.LeastInterval, Timeout = TimeSpan.FromSeconds(1) } });

        var failure = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Echo, Word, new CallOptions { Timeout = RpcFixture.Patience * 2 }));

        Assert.True(failure.Status.Code == StatusCode.Unavailable, failure.ToString());
        Assert.True(Volatile.Read(ref pings) > 0);
    }

    [Fact]
    public async Task A_server_that_is_pinged_too_often_is_unavailable_and_pinged_half_as_often_from_then_on()
    {
        await using var relay = new Relay(new Uri("http://nobody")) { Answer = stream => RawAnswers.GoAwayAsync(stream, last: 1, Http2Error.EnhanceYourCalm, "too_many_pings") };
        using var channel = new RpcChannel(RpcTransport.Tcp(relay.Address), TimeProvider.System);

        var interval = channel.PingInterval;
        for (var times = 1; times <= 3; times++)
        {
            // Two calls that share a connection count once.
            var failures = await Task.WhenAll(Failure(channel), Failure(channel));
            Assert.All(failures, failure => Assert.True(failure.Status.Code == StatusCode.Unavailable, failure.ToString()));
            Assert.Equal(interval *= 2, channel.PingInterval);
        }

        static Task<RpcException> Failure(RpcChannel channel) =>
            Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Echo, Word, new CallOptions { Timeout = RpcFixture.Patience }));
    }

    [Fact]
    public void Nobody_pings_more_often_than_a_server_of_gRPCs_bears()
    {
        using var usual = ChannelHandler.New(RpcTransport.Tcp(new Uri("http://localhost")), Keepalive.Client, () => { });
        Assert.True(usual.KeepAlivePingDelay > TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromSeconds(20), usual.KeepAlivePingTimeout);
        Assert.Equal(HttpKeepAlivePingPolicy.WithActiveRequests, usual.KeepAlivePingPolicy);
        using var always = ChannelHandler.New(RpcTransport.Tcp(new Uri("http://localhost")), Keepalive.Client with { WithoutCalls = true }, () => { });
        Assert.Equal(HttpKeepAlivePingPolicy.Always, always.KeepAlivePingPolicy);
        // On this machine the kernel says who is gone.
        using var local = ChannelHandler.New(RpcTransport.UnixSocket("api.sock"), Keepalive.Client, () => { });
        Assert.Equal(Timeout.InfiniteTimeSpan, local.KeepAlivePingDelay);
        var often = new RpcChannelOptions { Keepalive = new Keepalive { Interval = TimeSpan.FromSeconds(9.9) } };
        Assert.Contains("10 s is the least", Assert.Throws<ArgumentException>(() => new RpcChannel(RpcTransport.UnixSocket("api.sock"), TimeProvider.System, often)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_ping_who_is_silent_for_a_minute()
    {
        var kestrel = new KestrelServerOptions();
        RpcHost.Configure(kestrel);
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20)), (kestrel.Limits.Http2.KeepAlivePingDelay, kestrel.Limits.Http2.KeepAlivePingTimeout));
    }

    private static async Task<Pinging> ServingAsync(TestService service)
    {
        var server = new RpcServer(new RpcServerOptions { OnBug = (_, e) => Assert.Fail(e.ToString()) }, TimeProvider.System, service);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            RpcHost.Configure(kestrel, new Keepalive { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(1) });
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return new(app, server);
    }

    /// <summary>A server that pings who is silent for a second.</summary>
    private sealed class Pinging(WebApplication app, RpcServer server) : IAsyncDisposable
    {
        public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Port;

        public async ValueTask DisposeAsync()
        {
            await RpcHost.StopAsync(app, server, TimeSpan.Zero);
            await app.DisposeAsync();
            server.Dispose();
        }
    }
}
