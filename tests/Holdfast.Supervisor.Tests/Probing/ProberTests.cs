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
    private readonly Prober prober;

    public ProberTests() => prober = new Prober(harness.Host, BootClock.Instance);

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
        var verdict = Ask(new ProbeSpec { Http = new HttpProbe("http", "/healthz") }, port);
        Assert.Equal((failure is null, failure), (verdict.Succeeded, verdict.Message));
        Assert.StartsWith("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:", await served);
    }

    [Fact]
    public async Task A_status_line_that_comes_in_pieces_is_waited_for()
    {
        using var listener = Listen(out var port);
        var served = ServeAsync(listener, "HTTP/1.1 ", "5", "03 Unavailable", "\r\n");
        Assert.Equal("HTTP status 503", Ask(new ProbeSpec { Http = new HttpProbe("http", "/") }, port).Message);
        await served;
    }

    [Fact]
    public async Task A_line_without_an_end_is_not_read_on_for_ever()
    {
        using var listener = Listen(out var port);
        var served = ServeAsync(listener, "HTTP/1.1 200 " + new string('x', 3000));
        Assert.Equal("its answer is not HTTP", Ask(new ProbeSpec { Http = new HttpProbe("http", "/") }, port).Message);
        await served;
    }

    [Fact]
    public void Nobody_there_and_no_answer_are_told_apart()
    {
        using var listener = Listen(out var port);
        var slow = Ask(new ProbeSpec { Http = new HttpProbe("http", "/"), Timeout = TimeSpan.FromMilliseconds(150) }, port);
        Assert.Equal("no answer within 0.15 s", slow.Message);
        Assert.InRange(slow.Latency, TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(20));
        Assert.True(Ask(new ProbeSpec { Tcp = new TcpProbe("http") }, port).Succeeded);
        listener.Stop();
        Assert.Equal($"nobody listens on port {port}", Ask(new ProbeSpec { Tcp = new TcpProbe("http") }, port).Message);
        Assert.Equal($"nobody listens on port {port}", Ask(new ProbeSpec { Http = new HttpProbe("http", "/") }, port).Message);
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
            Assert.Equal("no answer within 0.1 s", Ask(probe with { Timeout = TimeSpan.FromMilliseconds(100) }, port).Message);
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
            prober.Start(Plan(port), slow, verdicts.Add);
            prober.Start(Plan(port), quick, verdicts.Add);
        }

        TurnUntil(() => verdicts.Count == 100);
        Assert.Equal((50, 50), (verdicts.Count(one => one.Succeeded), verdicts.Count(one => one.Message == "no answer within 0.1 s")));
        Assert.Equal(Timeout.InfiniteTimeSpan, prober.UntilNext(BootClock.SinceBoot));
    }

    private ProbeVerdict Ask(ProbeSpec probe, int port)
    {
        var told = new List<ProbeVerdict>();
        prober.Start(Plan(port), probe, told.Add);
        TurnUntil(() => told.Count > 0);
        return Assert.Single(told);
    }

    /// <summary>As the loop turns.</summary>
    private void TurnUntil(Func<bool> over)
    {
        var events = new List<HostEvent>();
        for (var until = BootClock.SinceBoot + HostHarness.Generous; !over(); prober.PassTime(BootClock.SinceBoot))
        {
            Assert.True(BootClock.SinceBoot < until, "no verdict was told");
            events.Clear();
            harness.Host.Wait(prober.UntilNext(BootClock.SinceBoot), events);
            foreach (var ready in events.OfType<HostEvent.Readable>()) prober.TakeReady(ready.Token);
        }
    }

    private static InstancePlan Plan(int port) => new()
    {
        Instance = "a-0", Service = "a", Release = 1, PackageDigest = "", AdmissionRecord = "", CodeFolder = "", DataFolder = "", OutputFolder = "",
        WorkingFolder = "", Executable = "", Arguments = [], Environment = new Dictionary<string, string>(), Ports = new Dictionary<string, int> { ["http"] = port },
        Spec = new ServiceSpec { Name = "a", Command = ["a"] },
    };

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
