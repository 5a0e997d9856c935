using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Tests.Calls;

namespace Holdfast.Rpc.Tests.Interop;

public sealed class InteropTests
{
    [PythonFact]
    public async Task An_independent_client_is_content_with_our_server()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var peer = Peer.StartPython("peer.py", "client", rpc.Address.Authority);
        var (lines, trouble) = await peer.WordsAsync();
        Assert.True(lines.LastOrDefault() == "done", string.Join('\n', lines) + trouble);
        Assert.Empty(rpc.Bugs);
    }

    [PythonFact]
    public async Task Our_client_is_content_with_an_independent_server()
    {
        using var peer = Peer.StartPython("peer.py", "server");
        using var channel = new RpcChannel(RpcTransport.Tcp(new Uri($"http://127.0.0.1:{await peer.PortAsync()}")), TimeProvider.System);
        await CallEverythingAsync(channel);
    }

    private static async Task CallEverythingAsync(RpcChannel channel)
    {
        var large = new string('x', 271_828);
        Assert.Equal(large, (await channel.UnaryAsync(TestService.Echo, new StringValue { Value = large }, default)).Value);

        const string Awkward = "\t\nwith ☺ and 😈\r\n 100%";
        var failed = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Fail, new StringValue { Value = Awkward }, default));
        Assert.Equal(new RpcStatus(StatusCode.NotFound, Awkward), failed.Status);
        Assert.Equal([1, 2, 3], failed.Trailers.GetBytes("why-bin"));

        var missing = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(TestService.Missing, new StringValue(), default));
        Assert.Equal(StatusCode.Unimplemented, missing.Status.Code);

        var late = await Assert.ThrowsAsync<RpcException>(() =>
            channel.UnaryAsync(TestService.Hang, new StringValue(), new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(StatusCode.DeadlineExceeded, late.Status.Code);

        using var count = channel.ServerStreaming(TestService.Count, new Int32Value { Value = 200 }, default);
        var numbers = new List<int>();
        await foreach (var number in count.ReadAllAsync()) numbers.Add(number.Value);
        Assert.Equal(Enumerable.Range(1, 200), numbers);
        Assert.Equal("200", count.Trailers.GetText("x-counted"));

        using var sum = channel.ClientStreaming(TestService.Sum, default);
        foreach (var n in new[] { 27182, 8, 1828, 45904 }) await sum.WriteAsync(new Int32Value { Value = n });
        Assert.Equal(74922, (await sum.CompleteAsync()).Value);

        using var chat = channel.Duplex(TestService.Chat, default);
        await chat.WriteAsync(new StringValue { Value = "a" });
        Assert.True(await chat.MoveNext(default));
        Assert.Equal("re: a", chat.Current!.Value);
        chat.EndWriting();
        Assert.False(await chat.MoveNext(default));
    }
}
