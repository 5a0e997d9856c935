using System.Net;
using System.Net.Sockets;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>Pauses of real processes, by each of the ways that a spec can name.</summary>
public sealed class PausingTests : IAsyncLifetime
{
    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("run", "exec sleep 1000"),
            ("count", "i=0; while :; do i=$((i+1)); echo $i; done"),
            ("work", "i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $i; done; exec sleep 1000"),
            ("probe", "exit 0"),
            ("hook", "echo \"$HOLDFAST_HOOK\" >> $HOME/hooks"),
            ("bad-hook", "exit 9"),
            ("slow-hook", "exec sleep 1000"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task What_is_suspended_writes_nothing_is_not_probed_and_goes_on()
    {
        var spec = Pausing(new PauseSpec { Suspend = true }) with
        {
            Health = new HealthSpec { Liveness = new ProbeSpec { Exec = new ExecProbe([node.FilePath("probe")]), Interval = TimeSpan.FromMilliseconds(20) } },
        };
        await node.ApplyAsync(node.Wanted(spec, "count"));
        await node.WaitAsync(s => s.Capture.LinesRead > 100 && s.Probes[0].Runs > 2, "it writes, and is probed");
        TestNode.AssertOk(await node.Client.PauseAsync("svc-0", default));
        // What was in its pipe is read, and what was being asked is answered.
        var still = await SeeStillAsync();
        Assert.Equal((InstanceState.Paused, "paused by suspension: all of its processes stand still"), (still.State, still.Reason));
        await OthersWorkAsync();
        var after = await node.StatusAsync();
        Assert.Equal((still.Capture.LinesRead, still.Probes[0].Runs, still.Pid), (after.Capture.LinesRead, after.Probes[0].Runs, after.Pid));

        TestNode.AssertOk(await node.Client.PauseAsync("svc-0", default));
        TestNode.AssertOk(await node.Client.ContinueAsync("svc-0", default));
        var goes = await node.WaitAsync(s => s.Capture.LinesRead > after.Capture.LinesRead + 100 && s.Probes[0].Runs > after.Probes[0].Runs, "it writes again, and is probed");
        Assert.Equal((InstanceState.Running, still.Pid, 0), (goes.State, goes.Pid, goes.Restarts));
        Assert.Equal([EventKind.Paused, EventKind.Continued], node.Events().Select(e => e.Kind).Where(kind => kind is EventKind.Paused or EventKind.Continued or EventKind.PauseFailed));
    }

    /// <summary>A suspended process hears no signal: without an end of the pause every stop of one would be a kill after its whole time.</summary>
    [Fact]
    public async Task A_stop_lets_it_run_first_so_that_it_hears_its_signal()
    {
        var spec = Pausing(new PauseSpec { Suspend = true }) with { Stop = new StopSpec { Timeout = TimeSpan.FromMinutes(2) } };
        await node.ApplyAsync(node.Wanted(spec));
        await node.WaitRunningAsync();
        TestNode.AssertOk(await node.Client.PauseAsync("svc-0", default));
        await node.ApplyAsync(node.Wanted(spec, run: RunState.Stopped));
        var stopped = await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.Equal("SIGTERM", stopped.LastExit!.Signal);
    }

    [Fact]
    public async Task Law05_a_crash_while_it_is_paused_is_a_crash_and_what_is_started_runs()
    {
        var spec = Pausing(new PauseSpec { Suspend = true });
        await node.ApplyAsync(node.Wanted(spec, "count"));
        var first = await node.WaitRunningAsync();
        TestNode.AssertOk(await node.Client.PauseAsync("svc-0", default));
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "KILL", default));
        var second = await node.WaitAsync(s => s.State == InstanceState.Running && s.Pid is not null && s.Pid != first.Pid, "restarted");
        Assert.Equal(1, second.Restarts);
        await node.WaitAsync(s => s.Capture.LinesRead > second.Capture.LinesRead + 100, "it writes");
        TestNode.AssertOk(await node.Client.PauseAsync("svc-0", default));
        Assert.Equal(InstanceState.Paused, (await node.StatusAsync()).State);
    }

    [Fact]
    public async Task Law03_it_stays_paused_under_the_next_supervisor()
    {
        await node.ApplyAsync(node.Wanted(Pausing(new PauseSpec { Suspend = true }), "count"));
        await node.WaitAsync(s => s.Capture.LinesRead > 100, "it writes");
        TestNode.AssertOk(await node.Client.PauseAsync("svc-0", default));
        var still = await SeeStillAsync();
        var serves = await node.Client.UpgradeAsync(node.AnotherBuild(), default);
        Assert.True(serves.IsOk, string.Join("; ", serves.Problems) + node.Errors);
        await OthersWorkAsync();
        var after = await node.StatusAsync();
        Assert.Equal((InstanceState.Paused, still.Pid, still.Capture.LinesRead), (after.State, after.Pid, after.Capture.LinesRead));
        TestNode.AssertOk(await node.Client.ContinueAsync("svc-0", default));
        await node.WaitAsync(s => s.State == InstanceState.Running && s.Capture.LinesRead > after.Capture.LinesRead + 100, "it writes again");
    }

    [Fact]
    public async Task Hooks_pause_it_and_let_it_go_on()
    {
        await node.ApplyAsync(node.Wanted(Pausing(Hooks("hook", "hook"))));
        await node.WaitRunningAsync();
        TestNode.AssertOk(await node.Client.PauseAsync("svc-0", default));
        Assert.Equal((InstanceState.Paused, "paused by its hook"), ((await node.StatusAsync()).State, (await node.StatusAsync()).Reason));
        TestNode.AssertOk(await node.Client.ContinueAsync("svc-0", default));
        Assert.Equal(InstanceState.Running, (await node.StatusAsync()).State);
        Assert.Equal(["pause", "continue"], File.ReadAllLines(Path.Combine(node.DataFolder("svc-0"), "hooks")));
    }

    [Theory]
    [InlineData("bad-hook", "not paused: exit code 9")]
    [InlineData("slow-hook", "not paused: no end within its timeout; it was killed")]
    public async Task A_pause_that_fails_is_taken_back_and_says_why(string hook, string why)
    {
        await node.ApplyAsync(node.Wanted(Pausing(Hooks(hook, "hook"))));
        await node.WaitRunningAsync();
        var failed = await node.Client.PauseAsync("svc-0", default);
        Assert.Equal(("supervision.pause-failed", $"svc-0: {why}"), (Assert.Single(failed.Problems).Rule, failed.Problems[0].What));
        var hooks = Path.Combine(node.DataFolder("svc-0"), "hooks");
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(hooks) && File.ReadAllText(hooks) == "continue\n"), "it was taken back");
        await node.WaitAsync(s => s.State == InstanceState.Running && s.Reason == why, "it runs, with the reason");
        Assert.Contains(node.Events(), e => e.Kind == EventKind.PauseFailed && e.Reason == why);
    }

    [Fact]
    public async Task It_is_told_by_HTTP_and_its_word_counts()
    {
        using var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        var port = ((IPEndPoint)service.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await node.ApplyAsync(node.Wanted(Pausing(new PauseSpec { Http = new PauseHttp(port, "/pause", "/continue"), Timeout = TimeSpan.FromSeconds(20) })));
        await node.WaitRunningAsync();

        var refused = node.Client.PauseAsync("svc-0", default);
        // 302: what leads elsewhere has not paused anything.
        Assert.StartsWith("POST /pause HTTP/1.1\r\n", await AnswerAsync(service, "302 Found"));
        Assert.Equal("svc-0: not paused: HTTP status 302", Assert.Single((await refused).Problems).What);
        Assert.StartsWith("POST /continue HTTP/1.1\r\n", await AnswerAsync(service, "204 No Content"));

        await node.WaitAsync(s => s.Reason == "not paused: HTTP status 302", "it was taken back");
        var paused = node.Client.PauseAsync("svc-0", default);
        await AnswerAsync(service, "202 Accepted");
        TestNode.AssertOk(await paused);
        Assert.Equal(InstanceState.Paused, (await node.StatusAsync()).State);
        var goes = node.Client.ContinueAsync("svc-0", default);
        await AnswerAsync(service, "200 OK");
        TestNode.AssertOk(await goes);
        Assert.Equal(InstanceState.Running, (await node.StatusAsync()).State);
    }

    [Fact]
    public async Task What_cannot_be_paused_says_what_to_do()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitRunningAsync();
        var problem = Assert.Single((await node.Client.PauseAsync("svc-0", default)).Problems);
        Assert.Equal(("supervision.no-pause", ProblemKind.Conflict), (problem.Rule, problem.Kind));
        Assert.Contains("windows.pause", problem.Mend);
        Assert.Equal(InstanceState.Running, (await node.StatusAsync()).State);
    }

    private ServiceSpec Pausing(PauseSpec pause) => node.Spec() with { Windows = new WindowsSpec { NativeService = true, Pause = pause } };

    private PauseSpec Hooks(string pause, string goOn) => new()
    {
        Hooks = new PauseHooks(
            new HookSpec { Command = [node.FilePath(pause)], Timeout = TimeSpan.FromSeconds(pause == "slow-hook" ? 0.2 : 30) },
            new HookSpec { Command = [node.FilePath(goOn)] }),
    };

    /// <summary>Its status when two looks after each other see the same.</summary>
    private async Task<InstanceStatus> SeeStillAsync()
    {
        long lines = -1, runs = -1;
        return await node.WaitAsync(
            s =>
            {
                var (was, asked) = (lines, runs);
                (lines, runs) = (s.Capture.LinesRead, s.Probes.Sum(probe => probe.Runs));
                return (was, asked) == (lines, runs);
            },
            "it stands still");
    }

    /// <summary>Another service gets as much done as this one had, and more.</summary>
    private async Task OthersWorkAsync()
    {
        await node.ApplyAsync(node.Wanted(node.Spec("other"), "work"));
        await node.WaitAsync(s => s.Capture.LinesRead >= 500, "others work", "other-0");
    }

    private static async Task<string> AnswerAsync(TcpListener service, string status)
    {
        using var patience = new CancellationTokenSource(TestNode.Patience, TimeProvider.System);
        using var client = await service.AcceptTcpClientAsync(patience.Token);
        var buffer = new byte[4096];
        var length = await client.GetStream().ReadAsync(buffer, patience.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"), patience.Token);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
