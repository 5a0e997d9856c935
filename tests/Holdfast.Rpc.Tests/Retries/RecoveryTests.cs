using System.Net;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Tests.Tls;
using Holdfast.Rpc.Tls;
using Holdfast.Testing.Certificates;
using Holdfast.Testing.Network;

namespace Holdfast.Rpc.Tests.Retries;

/// <summary>A channel goes on, whatever happens to its connections.</summary>
public sealed class RecoveryTests : IDisposable
{
    private static readonly StringValue Word = new() { Value = "word" };

    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-rpc-").FullName;
    private readonly TestCa ca = new();

    private static CallOptions Soon => new() { Timeout = RpcFixture.Patience };

    public void Dispose()
    {
        ca.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory, InlineData("tcp"), InlineData("unix"), InlineData("tls")]
    public async Task The_server_starts_again_at_the_same_address(string how)
    {
        var (host, server) = await ListenAsync(how, 0);
        var address = host.Addresses.Single();
        using var channel = new RpcChannel(
            how switch
            {
                "tcp" => RpcTransport.Tcp(new Uri(address)),
                "unix" => RpcTransport.UnixSocket(Path.Combine(folder, "api.sock")),
                _ => RpcTransport.Tls(new Uri(address), () => ca.Identity("alice", TestCa.ForClients)),
            },
            TimeProvider.System);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(Word, await channel.UnaryAsync(TestService.Echo, Word, Soon));
            await host.DisposeAsync();
            server.Dispose();
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Echo, Word, Soon))).Status.Code);
            (host, server) = await ListenAsync(how, how == "unix" ? 0 : new Uri(address).Port);
        }

        Assert.Equal(Word, await channel.UnaryAsync(TestService.Echo, Word, Soon));
        await host.DisposeAsync();
        server.Dispose();
    }

    [Fact]
    public async Task A_connection_that_is_cut_ends_its_calls_and_no_more()
    {
        await using var rpc = await RpcFixture.StartAsync();
        await using var relay = new Relay(rpc.Address);
        using var channel = new RpcChannel(RpcTransport.Tcp(relay.Address), TimeProvider.System);
        var running = channel.UnaryAsync(TestService.Hang, Word, Soon);
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);
        using var stream = channel.ServerStreaming(TestService.Flood, new Int32Value { Value = 100 }, Soon);
        Assert.True(await stream.MoveNext(default));

        relay.Cut();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => running)).Status.Code);
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.MoveNext(default))
            {
                // To its end.
            }
        });
        Assert.Equal(StatusCode.Unavailable, ended.Status.Code);
        Assert.Equal(Word, await channel.UnaryAsync(TestService.Echo, Word, Soon));
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task A_server_that_leaves_ends_what_it_has_and_the_next_call_goes_to_another()
    {
        await using var old = await RpcFixture.StartAsync();
        await using var other = await RpcFixture.StartAsync();
        await using var relay = new Relay(old.Address);
        using var channel = new RpcChannel(RpcTransport.Tcp(relay.Address), TimeProvider.System);
        var running = channel.UnaryAsync(TestService.Hang, Word, Soon);
        await old.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);

        relay.Target = other.Address;
        var stopping = old.Host.StopAsync(RpcFixture.Patience);

        // The word that it leaves is on its way: until then it refuses by itself.
        await Eventually.SeeAsync("calls go elsewhere", () => TryAsync(channel), failure => failure is null);
        Assert.False(running.IsCompleted);
        old.Service.Release.SetResult();
        Assert.Equal("released", (await running).Value);
        await stopping.WaitAsync(RpcFixture.Patience);
    }

    private static async Task<string?> TryAsync(RpcChannel channel)
    {
        try
        {
            await channel.UnaryAsync(TestService.Echo, Word, Soon);
            return null;
        }
        catch (RpcException e) when (e.Status.Code == StatusCode.Unavailable)
        {
            return e.ToString();
        }
    }

    private async Task<(RpcHost Host, RpcServer Server)> ListenAsync(string how, int port)
    {
        var server = new RpcServer(new RpcServerOptions { OnBug = (_, e) => Assert.Fail(e.ToString()) }, TimeProvider.System, new TestService());
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        return (how switch
        {
            "tcp" => await RpcHost.ListenTcpAsync(endPoint, server, default),
            "unix" => await RpcHost.ListenUnixSocketAsync(Path.Combine(folder, "api.sock"), server, default),
            _ => await RpcHost.ListenTlsAsync(endPoint, () => ca.Identity("node-1", TestCa.ForServers), _ => { }, server, default),
        }, server);
    }
}
