using System.Net;
using System.Net.Sockets;
using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Supervisor.Probing;
using Holdfast.Testing.Processes;

namespace Holdfast.Supervisor.Tests.Probing;

public sealed class ProberTests : IDisposable
{
    private readonly HostHarness harness = new();
    private readonly ProbeAsking asking;

    public ProberTests() => asking = new ProbeAsking(harness);

    public void Dispose() => harness.Dispose();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", null)]
    [InlineData("HTTP/1.0 301 Moved\r\n\r\n", null)]
    [InlineData("HTTP/1.1 503 Unavailable\r\n\r\n", "HTTP status 503")]
    [InlineData("HTTP/1.1 99 x\r\n\r\n", "its answer is not HTTP")]
    [InlineData("HTTP/1.1 200 without an end", "its answer is not HTTP")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "its answer is not HTTP")]
    [InlineData("", "it closed the connection without an answer")]
    public async Task A_status_line_is_judged(string answer, string? failure)
    {
        using var listener = Listen(out var port);
        var served = ServeAsync(listener, answer);
        var verdict = asking.Ask(new ProbeSpec { Http = new HttpProbe("http", "/healthz") }, port);
        Assert.Equal((failure is null, failure), (verdict.Succeeded, verdict.Message));
        Assert.StartsWith("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:", await served);
    }

    [Fact]
    public async Task A_status_line_that_comes_in_pieces_is_waited_for()
    {
        using var listener = Listen(out var port);
        var served = ServeAsync(listener, "HTTP/1.1 ", "5", "03 Unavailable", "\r\n");
        Assert.Equal("HTTP status 503", asking.Ask(new ProbeSpec { Http = new HttpProbe("http", "/") }, port).Message);
        await served;
    }

    [Fact]
    public async Task A_line_without_an_end_is_not_read_on_for_ever()
    {
        using var listener = Listen(out var port);
        var served = ServeAsync(listener, "HTTP/1.1 200 " + new string('x', 3000));
        Assert.Equal("its answer is not HTTP", asking.Ask(new ProbeSpec { Http = new HttpProbe("http", "/") }, port).Message);
        await served;
    }

    [Fact]
    public void Nobody_there_and_no_answer_are_told_apart()
    {
        using var listener = Listen(out var port);
        var slow = asking.Ask(new ProbeSpec { Http = new HttpProbe("http", "/"), Timeout = TimeSpan.FromMilliseconds(150) }, port);
        Assert.Equal("no answer within 0.15 s", slow.Message);
        Assert.InRange(slow.Latency, TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(20));
        Assert.True(asking.Ask(new ProbeSpec { Tcp = new TcpProbe("http") }, port).Succeeded);
        listener.Stop();
        Assert.Equal($"nobody listens on port {port}", asking.Ask(new ProbeSpec { Tcp = new TcpProbe("http") }, port).Message);
        Assert.Equal($"nobody listens on port {port}", asking.Ask(new ProbeSpec { Http = new HttpProbe("http", "/") }, port).Message);
    }

    [Fact]
    public void A_listener_that_takes_nobody_any_more_is_waited_for_until_the_timeout()
    {
        using var listener = Listen(out var port, backlog: 1);
        var waiting = new List<LoopbackConnection>();
        // Its queue is full when one more is not connected any more.
        for (var taken = true; taken;)
        {
            waiting.Add(LoopbackConnection.Begin(port));
            taken = waiting[^1].Finish().State == SocketState.Done;
            Assert.InRange(waiting.Count, 0, 100);
        }

        foreach (var probe in new[] { new ProbeSpec { Tcp = new TcpProbe("http") }, new ProbeSpec { Http = new HttpProbe("http", "/") } })
            Assert.Equal("no answer within 0.1 s", asking.Ask(probe with { Timeout = TimeSpan.FromMilliseconds(100) }, port).Message);
        waiting.ForEach(one => one.Dispose());
    }

    [Fact]
    public void Many_are_asked_at_once()
    {
        using var listener = Listen(out var port, backlog: 200);
        var verdicts = new List<ProbeVerdict>();
        var quick = new ProbeSpec { Tcp = new TcpProbe("http") };
        var slow = new ProbeSpec { Http = new HttpProbe("http", "/"), Timeout = TimeSpan.FromMilliseconds(100) };
        for (var i = 0; i < 50; i++)
        {
            asking.Prober.Start(ProbeAsking.Plan(port), slow, verdicts.Add);
            asking.Prober.Start(ProbeAsking.Plan(port), quick, verdicts.Add);
        }

        asking.TurnUntil(() => verdicts.Count == 100);
        Assert.Equal((50, 50), (verdicts.Count(one => one.Succeeded), verdicts.Count(one => one.Message == "no answer within 0.1 s")));
        Assert.Equal(Timeout.InfiniteTimeSpan, asking.Prober.UntilNext(BootClock.SinceBoot));
    }

    private static TcpListener Listen(out int port, int backlog = 10)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog);
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private static async Task<string> ServeAsync(TcpListener listener, params string[] pieces)
    {
        using var socket = await listener.AcceptSocketAsync();
        socket.NoDelay = true;
        var buffer = new byte[1000];
        var count = await socket.ReceiveAsync(buffer);
        foreach (var piece in pieces.Where(piece => piece.Length > 0)) await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(piece));
        socket.Shutdown(SocketShutdown.Send);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
    }
}
