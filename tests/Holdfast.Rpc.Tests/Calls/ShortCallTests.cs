using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Tests.Calls;

/// <summary>The one call of a short command: the same answer as in a channel, or none.</summary>
public sealed class ShortCallTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(10_000)]
    public async Task It_answers_as_the_channel_does(int length)
    {
        await using var rpc = await RpcFixture.StartAsync(unix: true);
        var question = new StringValue { Value = new string('ü', length) };

        // More than a frame is not sent, and asked in the channel.
        Assert.Equal(length > 8_000 ? null : question, Ask(rpc, question));
        Assert.Equal(question, await rpc.Channel.UnaryAsync(TestService.Echo, question, default));
        Assert.Empty(rpc.Bugs);
    }

    [Fact]
    public async Task An_answer_of_many_frames_is_whole()
    {
        await using var rpc = await RpcFixture.StartAsync(unix: true);

        var answer = ShortCall.TryAsk(rpc.SocketPath, TestService.Large, new Int32Value { Value = 3_000_000 }, RpcFixture.Patience);

        Assert.Equal(3_000_000, answer?.Value.Length);
    }

    [Fact]
    public async Task A_call_that_fails_is_left_to_the_channel_which_knows_why()
    {
        await using var rpc = await RpcFixture.StartAsync(unix: true, before: _ => throw new RpcException(StatusCode.PermissionDenied, "not you"));
        var question = new StringValue { Value = "may I" };

        Assert.Null(Ask(rpc, question));
        var failure = await Assert.ThrowsAsync<RpcException>(() => rpc.Channel.UnaryAsync(TestService.Echo, question, default));
        Assert.Equal(StatusCode.PermissionDenied, failure.Status.Code);
    }

    [Fact]
    public void Where_nobody_listens_there_is_no_answer()
    {
        Assert.Null(ShortCall.TryAsk(Path.Combine(Path.GetTempPath(), "holdfast-nobody.sock"), TestService.Echo, new StringValue(), RpcFixture.Patience));
    }

    [Theory]
    [InlineData("000b677270632d7374617475730130", true)] // a literal
    [InlineData("88000b677270632d7374617475730130", true)] // after :status 200
    [InlineData("200f0d0131000b677270632d7374617475730130", true)] // a long name's number
    [InlineData("000b677270632d7374617475730135", false)] // 5: not found
    [InlineData("00889acac8b21234da8f0130", true)] // its name in Huffman's code
    [InlineData("000b677270632d73746174757301300f", false)] // cut off behind it
    [InlineData("000b677270632d7374617475738130", false)] // a value in Huffman's code, which no number is
    [InlineData("0fffffffff7f", false)] // a number without end
    [InlineData("000b677270632d737461747573", false)] // cut off
    [InlineData("88", false)]
    [InlineData("", false)]
    public void Only_what_says_so_plainly_has_ended_well(string fields, bool ok)
    {
        Assert.Equal(ok, ShortFrames.SaysOk(Convert.FromHexString(fields)));
    }

    private static StringValue? Ask(RpcFixture rpc, StringValue question) => ShortCall.TryAsk(rpc.SocketPath, TestService.Echo, question, RpcFixture.Patience);
}
