using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;

namespace Holdfast.Rpc.Tests.Calls;

public sealed class FourKindsTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_unary_call_answers(bool unix)
    {
        await using var rpc = await RpcFixture.StartAsync(unix);
        var headers = new Metadata { { "x-echo-initial", "hello" }, { "x-echo-trailing-bin", new byte[] { 0xab, 0xab, 0xab, 0x00 } } };

        var response = await rpc.Channel.UnaryAsync(TestService.Echo, new StringValue { Value = "grüß ☺" }, new CallOptions { Headers = headers });

        Assert.Equal("grüß ☺", response.Value);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_server_stream_comes_in_order_and_ends_with_trailers(bool unix)
    {
        await using var rpc = await RpcFixture.StartAsync(unix);
        using var call = rpc.Channel.ServerStreaming(TestService.Count, new Int32Value { Value = 1000 }, default);
        var numbers = new List<int>();

        await foreach (var number in call.ReadAllAsync()) numbers.Add(number.Value);

        Assert.Equal(Enumerable.Range(1, 1000), numbers);
        Assert.Equal("1000", call.Trailers.GetText("x-counted"));
    }

    [Fact]
    public async Task An_empty_server_stream_is_an_answer()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var call = rpc.Channel.ServerStreaming(TestService.Count, new Int32Value { Value = 0 }, default);

        Assert.False(await call.MoveNext(default));
        Assert.Equal("0", call.Trailers.GetText("x-counted"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_stream_is_summed_up(bool unix)
    {
        await using var rpc = await RpcFixture.StartAsync(unix);
        using var call = rpc.Channel.ClientStreaming(TestService.Sum, default);

        foreach (var n in new[] { 27182, 8, 1828, 45904 }) await call.WriteAsync(new Int32Value { Value = n });

        Assert.Equal(74922, (await call.CompleteAsync()).Value);
    }

    [Fact]
    public async Task A_client_stream_without_messages_is_a_call()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var call = rpc.Channel.ClientStreaming(TestService.Sum, default);

        Assert.Equal(0, (await call.CompleteAsync()).Value);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_sides_talk_in_turns(bool unix)
    {
        await using var rpc = await RpcFixture.StartAsync(unix);
        using var call = rpc.Channel.Duplex(TestService.Chat, default);

        for (var i = 0; i < 50; i++)
        {
            await call.WriteAsync(new StringValue { Value = $"{i}" });
            Assert.True(await call.MoveNext(default));
            Assert.Equal($"re: {i}", call.Current!.Value);
        }

        call.EndWriting();
        Assert.False(await call.MoveNext(default));
    }

    [Fact]
    public async Task A_hundred_calls_at_once_share_the_channel()
    {
        await using var rpc = await RpcFixture.StartAsync(unix: true);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
            rpc.Channel.UnaryAsync(TestService.Echo, new StringValue { Value = $"{i}" }, default)));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), answers.Select(a => a.Value));
    }

    [Theory, InlineData(0), InlineData(271_828), InlineData(4_000_000)]
    public async Task Messages_of_every_size_up_to_the_limit_arrive(int bytes)
    {
        await using var rpc = await RpcFixture.StartAsync();

        Assert.Equal(bytes, (await rpc.Channel.UnaryAsync(TestService.Large, new Int32Value { Value = bytes }, default)).Value.Length);
    }
}
