using System.Net.Sockets;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Tests.Raw;

public sealed class GoAwayTests
{
    [Fact]
    public async Task A_server_that_stops_tells_its_clients_and_answers_what_it_has_begun()
    {
        await using var rpc = await RpcFixture.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", rpc.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(ShortFrames.Request(TestService.Hang.Path, RawTests.Frame("x")));
        await rpc.Service.Waiting.Task.WaitAsync(RpcFixture.Patience);

        var stopping = rpc.Host.StopAsync(RpcFixture.Patience);

        var (told, content) = await UntilAsync(stream, frame => frame.Type == ShortFrames.GoAway);
        Assert.Equal(0, told.Stream);
        Assert.Equal(new byte[4], content[4..8]);
        Assert.False(stopping.IsCompleted);
        rpc.Service.Release.SetResult();
        var (_, trailers) = await UntilAsync(stream, frame => frame is { Type: ShortFrames.Headers, Stream: ShortFrames.Stream } && (frame.Flags & ShortFrames.EndStream) != 0);
        Assert.True(ShortFrames.SaysOk(trailers));
        client.Close();
        await stopping.WaitAsync(RpcFixture.Patience);
    }

    private static async Task<((int Length, byte Type, byte Flags, int Stream) Frame, byte[] Content)> UntilAsync(
        Stream stream, Func<(int Length, byte Type, byte Flags, int Stream), bool> wanted)
    {
        using var patience = new CancellationTokenSource(RpcFixture.Patience, TimeProvider.System);
        var head = new byte[ShortFrames.HeadBytes];
        while (true)
        {
            await stream.ReadExactlyAsync(head, patience.Token);
            var frame = ShortFrames.Read(head);
            var content = new byte[frame.Length];
            await stream.ReadExactlyAsync(content, patience.Token);
            if (wanted(frame)) return (frame, content);
        }
    }
}
