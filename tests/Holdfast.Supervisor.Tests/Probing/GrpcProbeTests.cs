using System.Net;
using System.Net.Sockets;
using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Platform;
using Holdfast.Rpc.Health;
using Holdfast.Rpc.Server;
using Holdfast.Supervisor.Probing;
using Holdfast.Testing.Processes;

namespace Holdfast.Supervisor.Tests.Probing;

/// <summary>The probe that speaks gRPC's health protocol: with a server of gRPC, and with answers byte by byte.</summary>
public sealed class GrpcProbeTests : IDisposable
{
    private const string Settings = "000000040000000000";

    private readonly HostHarness harness = new();
    private readonly ProbeAsking asking;

    public GrpcProbeTests() => asking = new ProbeAsking(harness);

    public void Dispose() => harness.Dispose();

    [Theory]
    [InlineData("", true, null)]
    [InlineData("", false, "it says NOT_SERVING")]
    [InlineData("acme.shop.v1.Shop", true, null)]
    [InlineData("acme.shop.v1.Shop", false, "it says NOT_SERVING")]
    [InlineData("acme.shop.v1.Shop", null, "it has no service acme.shop.v1.Shop (NOT_FOUND)")]
    public async Task A_server_says_how_a_service_is(string service, bool? serving, string? failure)
    {
        var health = new HealthService();
        if (serving is { } value) health.Set(service, value);
        await using var host = await ListenAsync(health);
        var verdict = Ask(host, service);
        Assert.Equal((failure is null, failure), (verdict.Succeeded, verdict.Message));
    }

    [Fact]
    public async Task A_server_without_the_protocol_is_told_from_one_that_is_ill()
    {
        await using var host = await ListenAsync();
        Assert.Equal("it does not answer grpc.health.v1 (UNIMPLEMENTED)", Ask(host, "").Message);
    }

    [Theory]
    // SERVING in one frame of data, in two, and in one with padding; the end in trailers.
    [InlineData(Settings + "0000010104" + "00000001" + "88" + "000007000000000001" + "00000000020801" + "00000e0105" + "00000001" + "000b677270632d7374617475730130", null)]
    [InlineData(Settings + "000006000000000001" + "000000000208" + "000001000000000001" + "01" + "00000e0105" + "00000001" + "000b677270632d7374617475730130", null)]
    [InlineData(Settings + "00000a000800000001" + "02" + "00000000020801" + "0000" + "00000e0105" + "00000001" + "000b677270632d7374617475730130", null)]
    [InlineData(Settings + "000007000000000001" + "00000000020803" + "00000e0105" + "00000001" + "000b677270632d7374617475730130", "it says SERVICE_UNKNOWN")]
    [InlineData(Settings + "000005000000000001" + "0000000000" + "00000e0105" + "00000001" + "000b677270632d7374617475730130", "it says UNKNOWN")]
    [InlineData(Settings + "0000100105" + "00000001" + "000b677270632d737461747573023134", "gRPC status 14")]
    [InlineData(Settings + "0000010105" + "00000001" + "8d", "HTTP status 404, not gRPC")]
    [InlineData(Settings + "0000010105" + "00000001" + "88", "it ended the call without an answer")]
    [InlineData(Settings + "000004030000000001" + "00000008", "it ended the call without an answer")]
    [InlineData(Settings + "000008070000000000" + "0000000000000000", "it ended the call without an answer")]
    [InlineData(Settings + "0000010104" + "00000001" + "88", "it closed the connection in the middle of its answer")]
    [InlineData("485454502f312e3120343030204261642052657175657374", "its answer is not gRPC")] // HTTP/1.1
    [InlineData("15030300020246", "its answer is not gRPC")] // an alert of TLS
    [InlineData("", "it closed the connection without an answer")]
    public async Task An_answer_is_judged(string hex, string? failure)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var served = AnswerAsync(listener, Convert.FromHexString(hex));
        var verdict = asking.Ask(new ProbeSpec { Grpc = new GrpcProbe("http") }, port);
        Assert.Equal((failure is null, failure), (verdict.Succeeded, verdict.Message));
        await served;
    }

    private static async Task AnswerAsync(TcpListener listener, byte[] answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        Assert.True(await stream.ReadAsync(new byte[4096]) > 0);
        await stream.WriteAsync(answer);
    }

    private static Task<RpcHost> ListenAsync(params RpcService[] services) => RpcHost.ListenTcpAsync(
        new IPEndPoint(IPAddress.Loopback, 0), new RpcServer(new RpcServerOptions { OnBug = (_, e) => throw e }, TimeProvider.System, services), default);

    private ProbeVerdict Ask(RpcHost host, string service) => asking.Ask(new ProbeSpec { Grpc = new GrpcProbe("http", service) }, new Uri(host.Addresses.Single()).Port);
}
