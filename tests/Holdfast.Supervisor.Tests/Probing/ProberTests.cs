using System.Net;
using System.Net.Sockets;
using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Supervisor.Probing;

namespace Holdfast.Supervisor.Tests.Probing;

public sealed class ProberTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", null)]
    [InlineData("HTTP/1.0 301 Moved\r\n\r\n", null)]
    [InlineData("HTTP/1.1 503 Unavailable\r\n\r\n", "HTTP status 503")]
    [InlineData("HTTP/1.1 99 x\r\n\r\n", "its answer is not HTTP")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "its answer is not HTTP")]
    [InlineData("", "it closed the connection without an answer")]
    public async Task A_status_line_is_judged(string answer, string? failure)
    {
        using var listener = Listen(out var port);
        var served = ServeAsync(listener, answer);
        var verdict = await AskAsync(new ProbeSpec { Http = new HttpProbe("http", "/healthz") }, port);
        Assert.Equal((failure is null, failure), (verdict.Succeeded, verdict.Message));
        Assert.StartsWith("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:", await served);
    }

    [Fact]
    public async Task Nobody_there_and_no_answer_are_told_apart()
    {
        using var listener = Listen(out var port);
        var slow = await AskAsync(new ProbeSpec { Http = new HttpProbe("http", "/"), Timeout = TimeSpan.FromMilliseconds(150) }, port);
        Assert.Equal("no answer within 0.15 s", slow.Message);
        Assert.True((await AskAsync(new ProbeSpec { Tcp = new TcpProbe("http") }, port)).Succeeded);
        listener.Stop();
        Assert.Equal($"nobody listens on port {port}", (await AskAsync(new ProbeSpec { Tcp = new TcpProbe("http") }, port)).Message);
    }

    private static async Task<ProbeVerdict> AskAsync(ProbeSpec probe, int port)
    {
        var told = new TaskCompletionSource<ProbeVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        var plan = new InstancePlan
        {
            Instance = "a-0", Service = "a", Release = 1, PackageDigest = "", AdmissionRecord = "", CodeFolder = "", DataFolder = "", OutputFolder = "",
            WorkingFolder = "", Executable = "", Arguments = [], Environment = new Dictionary<string, string>(), Ports = new Dictionary<string, int> { ["http"] = port },
            Spec = new ServiceSpec { Name = "a", Command = ["a"] },
        };
        new Prober(TimeProvider.System).Start(plan, probe, told.SetResult);
        return await told.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private static async Task<string> ServeAsync(TcpListener listener, string answer)
    {
        using var socket = await listener.AcceptSocketAsync();
        var buffer = new byte[1000];
        var count = await socket.ReceiveAsync(buffer);
        if (answer.Length > 0) await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer));
        socket.Shutdown(SocketShutdown.Both);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
    }
}
