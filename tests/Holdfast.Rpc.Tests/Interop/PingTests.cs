using System.Net;
using System.Net.Sockets;
using Grpc.Testing;
using Holdfast.Rpc.Client;
using static Grpc.Testing.TestService;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>
/// A server on the C core counts pings, and sends away who sends too many ("too_many_pings"). The framework's HTTP/2 client pings not only to see whether anybody
/// is there, but also to measure how large its window should be, as data comes (dotnet/runtime#62216): that must not count against our calls.
/// </summary>
public sealed class PingTests
{
    private const int Megabyte = 1024 * 1024, EnhanceYourCalm = 11;

    [CppFact]
    public async Task A_client_that_pings_for_nothing_is_sent_away()
    {
        // What the other tests do not see, there is to be seen.
        using var server = Peer.Cpp.Start("server");
        await using var tap = FrameTap.Start(await server.PortAsync());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, tap.Port);
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0], ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        byte[] bytes = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. settings, .. ping, .. ping, .. ping, .. ping, .. ping];
        await client.GetStream().WriteAsync(bytes);
        await Eventually.SeeAsync("the server's GOAWAY", () => !tap.GoAways.IsEmpty);
        Assert.Contains($"{EnhanceYourCalm} too_many_pings", tap.GoAways);
        Assert.Equal(5, tap.Pings);
    }

    [CppFact]
    public async Task A_large_stream_comes_whole_from_a_server_that_counts_pings()
    {
        using var server = Peer.Cpp.Start("server");
        await using var tap = FrameTap.Start(await server.PortAsync());
        using var channel = Channel(tap);
        var request = new StreamingOutputCallRequest { ResponseParameters = { Enumerable.Repeat(new ResponseParameters { Size = Megabyte }, 96) } };
        using var call = new TestServiceClient(channel).StreamingOutputCall(request, new CallOptions { Timeout = InteropCases.Patience });
        var sum = 0L;
        await foreach (var response in call.ReadAllAsync()) sum += response.Payload.Body.Length;
        Assert.Equal(96L * Megabyte, sum);
        Assert.True(tap.Pings > 0, "our client has not pinged: this shows nothing");
        Assert.Empty(tap.GoAways);
    }

    [CppFact]
    public async Task A_stream_that_goes_on_is_pinged_and_stays()
    {
        using var server = Peer.Cpp.Start("server");
        await using var tap = FrameTap.Start(await server.PortAsync());
        using var channel = Channel(tap);
        using var call = new TestServiceClient(channel).FullDuplexCall(new CallOptions { Timeout = InteropCases.Patience });
        // More than the server bears of those that come for nothing; the first ones come at once, the others two seconds apart.
        while (tap.Pings < 6)
        {
            await call.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 10_000 } } });
            Assert.True(await call.MoveNext(default));
        }

        call.EndWriting();
        Assert.False(await call.MoveNext(default));
        Assert.Empty(tap.GoAways);
    }

    private static RpcChannel Channel(FrameTap tap) => new(RpcTransport.Tcp(new Uri($"http://127.0.0.1:{tap.Port}")), TimeProvider.System);
}
