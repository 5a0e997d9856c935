using System.Net;
using System.Net.Sockets;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Tests.Running;

public sealed class BadDaysTests : IAsyncLifetime
{
    private static readonly RestartSpec NoRestarts = new() { Attempts = 0 };

    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("run", "exec sleep 1000"),
            ("crash", "exit 3"),
            ("secret", "cat \"$TOKEN_FILE\" > $HOME/seen; stat -c %a \"$TOKEN_FILE\" >> $HOME/seen; exec sleep 1000"),
            ("never", "exit 1"),
            ("talk", "echo one; echo wrong >&2; echo two; exit 1"),
            ("says", """exec perl -MSocket -e 'socket(S, PF_UNIX, SOCK_DGRAM, 0); $to = sockaddr_un($ENV{NOTIFY_SOCKET}); sleep 1 unless send(S, "MAINPID=1\nSTATUS=warm\nREADY=1", 0, $to); sleep 1000'"""));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Law01_a_changed_file_is_not_started_again()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var running = await node.WaitRunningAsync();
        TestNode.SetRights(node.FilePath("run"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.AppendAllText(node.FilePath("run"), "# changed\n");
        using (var kill = System.Diagnostics.Process.Start("/bin/kill", ["-KILL", running.Pid!.Value.ToString()])) await kill.WaitForExitAsync();

        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Contains("run is not what was admitted", failed.Reason);
        Assert.Contains(node.Events(), e => e.Kind == EventKind.StartRefused);
    }

    [Fact]
    public async Task Law01_a_host_executable_without_a_pin_is_not_started()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "/bin/sleep", arguments: "1000"));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Contains("/bin/sleep", failed.Reason);
        Assert.DoesNotContain(node.Events(), e => e.Kind == EventKind.Started);
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_a_failed_start_with_its_reason()
    {
        var path = node.FilePath("run");
        File.Delete(path);
        File.WriteAllText(path, "no program\n");
        TestNode.SetRights(path, UnixFileMode.UserRead);
        node.Seal();
        await node.ApplyAsync(node.Wanted(node.Spec() with { Restart = NoRestarts }));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Contains("execut", failed.Reason);
        Assert.Contains(node.Events(), e => e.Kind == EventKind.StartFailed);
    }

    [Fact]
    public async Task Who_is_never_ready_is_failed_with_what_was_missing()
    {
        var spec = node.Spec() with
        {
            Restart = NoRestarts,
            ReadyDeadline = TimeSpan.FromMilliseconds(500),
            Health = new HealthSpec { Readiness = new ProbeSpec { Exec = new ExecProbe([node.FilePath("never")]), Interval = TimeSpan.FromMilliseconds(50) } },
        };
        await node.ApplyAsync(node.Wanted(spec));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Contains("not ready within", failed.Reason);
        Assert.Contains("readiness probe: exit code 1", failed.Reason);
    }

    [Fact]
    public async Task A_taken_port_says_who_has_it()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var spec = node.Spec() with { Restart = NoRestarts, Ports = new Dictionary<string, int?> { ["http"] = port } };
        await node.ApplyAsync(node.Wanted(spec));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Contains($"port {port} is taken by", failed.Reason);
        Assert.Contains($"PID {Environment.ProcessId}", failed.Reason);
    }

    [Fact]
    public async Task A_missed_watchdog_restarts()
    {
        var spec = node.Spec() with { Watchdog = TimeSpan.FromMilliseconds(200), Restart = new RestartSpec { Attempts = 1 } };
        await node.ApplyAsync(node.Wanted(spec));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed after one watchdog restart");
        Assert.Equal(1, failed.RestartsByReason["watchdog"]);
        Assert.Equal(2, node.Events().Count(e => e.Kind == EventKind.WatchdogMissed));
    }

    [Fact]
    public async Task READY_makes_it_ready_and_MAINPID_is_refused()
    {
        await node.ApplyAsync(node.Wanted(node.Spec() with { Ready = ReadyWhen.Notify }, "says"));
        var running = await node.WaitRunningAsync();
        Assert.Equal("warm", running.StatusText);
        Assert.True(running.Ready);
        Assert.Contains(node.Events(), e => e.Kind == EventKind.NotifyRefused && e.Reason.Contains("MAINPID=1"));
    }

    [Fact]
    public async Task Law10_a_secret_is_a_file_that_only_the_service_reads_and_goes_when_it_rests()
    {
        var source = Path.Combine(node.Home.Path, "token");
        File.WriteAllText(source, "s3cret");
        var spec = node.Spec() with { Secrets = new Dictionary<string, string> { ["TOKEN"] = source } };
        await node.ApplyAsync(node.Wanted(spec, "secret"));
        await node.WaitRunningAsync();
        var seen = Path.Combine(node.DataFolder("svc-0"), "seen");
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(seen) && File.ReadAllText(seen).EndsWith("400\n", StringComparison.Ordinal)), "it has read its secret");
        Assert.StartsWith("s3cret", File.ReadAllText(seen));

        await node.ApplyAsync(node.Wanted(spec, "secret", RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.False(Directory.Exists(Path.Combine(node.Place.Secrets, "svc-0")));
    }

    [Fact]
    public async Task Strange_bytes_and_unknown_verbs_hurt_nobody()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitRunningAsync();
        using (var socket = LocalEndpoint.Connect(node.Place.Socket).Value)
        {
            socket.Send("GET / HTTP/1.1\r\n\r\nwhat is this, a frame of a gigabyte?"u8);
            Assert.Equal(0, socket.Receive(new byte[100]));
        }

        using var connection = new FrameConnection(LocalEndpoint.Connect(node.Place.Socket).Value);
        await connection.SendAsync(FrameKind.Hello, new Hello(1, 1, "test"), SupervisionJson.Default.Hello, default);
        Assert.Equal(FrameKind.Hello, (await connection.ReadAsync(default))!.Value.Kind);
        await connection.SendAsync(FrameWriter.ToBytes((FrameKind)99, "?"u8), default);
        var answer = (await connection.ReadAsync(default))!.Value;
        Assert.Equal((FrameKind.NotUnderstood, 99), (answer.Kind, answer.Payload.Span[0]));
        await connection.SendAsync(FrameKind.Request, new Request { Id = 5, Verb = "dance" }, SupervisionJson.Default.Request, default);
        var response = FrameConnection.Parse((await connection.ReadAsync(default))!.Value, SupervisionJson.Default.Response)!;
        Assert.Equal((5, "supervisor.not-understood"), (response.Id, response.Problems![0].Rule));
        Assert.Equal(InstanceState.Running, (await node.StatusAsync()).State);
    }

    [Fact]
    public async Task Law06_what_a_service_writes_is_captured_and_counted()
    {
        await node.ApplyAsync(node.Wanted(node.Spec() with { Restart = NoRestarts }, "talk"));
        var status = await node.WaitAsync(s => s.State == InstanceState.Failed && s.Capture.LinesRead == 3, "three lines");
        Assert.Equal((3, 0), (status.Capture.LinesWritten, status.Capture.LinesDropped));
        using var reader = SegmentReader.Open(Path.Combine(node.Home.Output, "svc-0"), SegmentStart.Sequence(0), TimeProvider.System);
        var lines = new List<(StreamKind, string)>();
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split()) lines.Add((line.Stream, System.Text.Encoding.UTF8.GetString(line.Text.Span)));
        }

        Assert.Equal([(StreamKind.Stdout, "one"), (StreamKind.Stdout, "two")], lines.Where(l => l.Item1 == StreamKind.Stdout));
        Assert.Equal([(StreamKind.Stderr, "wrong")], lines.Where(l => l.Item1 == StreamKind.Stderr));
    }

    [Fact]
    public async Task Questions_to_what_does_not_run_or_is_not_there_are_answered()
    {
        await node.ApplyAsync(node.Wanted(node.Spec() with { Restart = NoRestarts }, "crash"));
        await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        var signal = await node.Client.SignalAsync("svc-0", "HUP", default);
        Assert.Equal(ProblemKind.Conflict, signal.Problems[0].Kind);
        Assert.Equal(ProblemKind.NotFound, (await node.Client.SignalAsync("nobody-0", "HUP", default)).Problems[0].Kind);
    }
}
