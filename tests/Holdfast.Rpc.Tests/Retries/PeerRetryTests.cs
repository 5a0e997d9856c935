using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Tests.Interop;

namespace Holdfast.Rpc.Tests.Retries;

/// <summary>Retries as gRPC's C core sees them.</summary>
public sealed class PeerRetryTests
{
    private const string Service = "test.v1.Peer";
    private const int CallsOfMany = 300;

    private static readonly Method<StringValue, StringValue> Ask = new(MethodKind.Unary, Service, "Ask", StringValue.Parser, StringValue.Parser);
    private static readonly Method<StringValue, StringValue> Flood = new(MethodKind.ServerStreaming, Service, "Flood", StringValue.Parser, StringValue.Parser);

    [PythonFact]
    public Task It_is_asked_until_it_answers_and_told_how_often_it_was() => WithPeerAsync(failures: 2, async (channel, nextLine) =>
    {
        var word = new StringValue { Value = "word" };

        Assert.Equal(word, await channel.UnaryAsync(Ask, word, new CallOptions { Timeout = RpcFixture.Patience }));

        Assert.Equal("none 1 2", $"{await nextLine()} {await nextLine()} {await nextLine()}");
    });

    /// <summary>The framework pings to measure the way while data comes in; the server counts pings, and ends the connection at the third too many.</summary>
    [PythonFact]
    public Task It_bears_the_pings_by_which_windows_grow() => WithPeerAsync(failures: 0, async (channel, nextLine) =>
    {
        var large = new StringValue { Value = new string('x', 10_000) };
        for (var i = 0; i < CallsOfMany; i++) Assert.Equal(large, await channel.UnaryAsync(Ask, large, new CallOptions { Timeout = RpcFixture.Patience }));
        var came = 0;
        using var call = channel.ServerStreaming(Flood, large, new CallOptions { Timeout = RpcFixture.Patience * 2 });
        await foreach (var one in call.ReadAllAsync()) came += one.Value.Length / large.Value.Length;

        Assert.Equal(2000, came);
    });

    private static async Task WithPeerAsync(int failures, Func<RpcChannel, Func<Task<string?>>, Task> test)
    {
        using var peer = Peer.StartPython("retries.py", failures.ToString(CultureInfo.InvariantCulture));
        var port = await peer.PortAsync();
        var config = Flaky.Retried();
        config = config with { Methods = [config.Methods[0] with { Names = [new(Service, failures > 0 ? "Ask" : "Other")] }] };
        using var channel = new RpcChannel(RpcTransport.Tcp(new Uri($"http://127.0.0.1:{port}")), TimeProvider.System, new RpcChannelOptions { Config = config });
        await test(channel, peer.LineAsync);
    }
}
