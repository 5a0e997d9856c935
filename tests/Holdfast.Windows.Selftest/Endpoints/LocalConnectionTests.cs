using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;
using Holdfast.Platform.Tests;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Endpoints;

namespace Holdfast.Windows.Selftest.Endpoints;

public sealed class LocalConnectionTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_end_knows_the_other_by_its_process_and_account()
    {
        using var listener = LocalListener.Open(folder["s"]).Value;
        var accepting = listener.AcceptAsync();
        using var client = LocalConnection.Open(folder["s"]).Value;
        using var server = (await accepting)!;
        Assert.Equal(Environment.ProcessId, server.Peer.Pid);
        Assert.Equal(Environment.ProcessId, client.Peer.Pid);
        Assert.Equal(Sids.Own, server.Peer.Sid);
        Assert.Equal(AccountDirectory.Current().Name, server.Peer.UserName);
        Assert.True(server.Peer.IsOurs);
        Assert.True(client.Peer.IsOurs || client.Peer.IsAdministrator);
        Assert.False(server.Peer.IsMember("no-such-group-here"));
    }

    [Fact]
    public async Task Bytes_go_both_ways_and_the_end_is_seen()
    {
        using var listener = LocalListener.Open(folder["s"]).Value;
        var accepting = listener.AcceptAsync();
        var client = LocalConnection.Open(folder["s"]).Value;
        using var server = (await accepting)!;
        await client.Stream.WriteAsync("ping"u8.ToArray());
        var buffer = new byte[16];
        Assert.Equal(4, await server.Stream.ReadAsync(buffer));
        await server.Stream.WriteAsync("pong!"u8.ToArray());
        Assert.Equal(5, await client.Stream.ReadAsync(buffer));
        client.Dispose();
        Assert.Equal(0, await server.Stream.ReadAsync(buffer));
    }

    [Fact]
    public async Task Frames_larger_than_the_pipe_arrive_whole_while_both_sides_send()
    {
        using var listener = LocalListener.Open(folder["s"]).Value;
        var accepting = listener.AcceptAsync();
        using var client = new FrameConnection(LocalConnection.Open(folder["s"]).Value);
        using var server = new FrameConnection((await accepting)!);
        var payload = new byte[500_000];
        Random.Shared.NextBytes(payload);
        var frame = FrameWriter.ToBytes(FrameKind.Request, payload);
        var sending = Task.WhenAll(client.SendAsync(frame, default).AsTask(), server.SendAsync(frame, default).AsTask());
        var there = (await server.ReadAsync(default))!.Value.Payload.ToArray();
        var back = (await client.ReadAsync(default))!.Value.Payload.ToArray();
        Assert.All(await sending, Assert.True);
        Assert.Equal(payload, there);
        Assert.Equal(payload, back);
    }

    [Fact]
    [Running.WineLacks("pipes whose first instance is refused where there is one already")]
    public void A_second_listener_is_refused_while_the_first_lives()
    {
        using (LocalListener.Open(folder["s"]).Value)
        {
            Assert.Equal("endpoint.taken", LocalListener.Open(folder["s"]).Problems[0].Rule);
            Assert.Equal("endpoint.taken", LocalListener.Open(folder["S"]).Problems[0].Rule);
        }

        LocalListener.Open(folder["s"]).Value.Dispose();
    }

    [Fact]
    public void Where_nobody_listens_is_told() => Assert.Equal("endpoint.nobody", LocalConnection.Open(folder["s"]).Problems[0].Rule);

    [Fact]
    public async Task Twenty_who_come_at_once_are_all_let_in()
    {
        using var listener = LocalListener.Open(folder["s"]).Value;
        var clients = Task.Run(() => Enumerable.Range(0, 20).Select(_ => LocalConnection.Open(folder["s"]).Value).ToList());
        var accepted = new List<LocalConnection>();
        for (var i = 0; i < 20; i++) accepted.Add((await listener.AcceptAsync())!);
        foreach (var one in (await clients).Concat(accepted)) one.Dispose();
    }

    [Fact]
    public async Task Disposing_ends_the_wait_for_the_next()
    {
        var listener = LocalListener.Open(folder["s"]).Value;
        var accepting = listener.AcceptAsync();
        listener.Dispose();
        Assert.Null(await accepting);
    }

    [Fact]
    public void A_pipes_name_is_of_one_length_and_does_not_know_case() =>
        Assert.Equal(PipeEndpoint.NameOf(@"C:\Holdfast\run\supervisor.sock"), PipeEndpoint.NameOf(@"c:\holdfast\RUN\..\run\Supervisor.SOCK"));
}
