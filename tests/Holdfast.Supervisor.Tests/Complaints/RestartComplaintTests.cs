using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Supervisor.Tests.Running;

namespace Holdfast.Supervisor.Tests.Complaints;

/// <summary>What users of other supervisors complain about when something is restarted; docs/complaints.md has the list.</summary>
public sealed class RestartComplaintTests : IAsyncLifetime
{
    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("run", "echo started; exec sleep 1000"),
            ("hook", "exit 0"),
            ("done", "exit 0"),
            ("deaf", "trap '' TERM\nwhile :; do sleep 0.1; done"),
            ("is-there", "test -e $HOME/there"),
            ("note", "date +%s%N > $HOME/began; exec sleep 1000"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Supervisor1440_and_Nomad28439_no_descriptor_and_no_thread_leaks_over_many_restarts()
    {
        var spec = node.Spec() with { Hooks = new HooksSpec { PreStart = Hook(), PostStop = Hook() } };
        await RestartAsync(spec, 1, 5);
        var (files, threads) = Usage();
        await RestartAsync(spec, 6, 45);
        var after = Usage();
        Assert.InRange(after.Files, 0, files + 2);
        // The pool of threads breathes; one for each restart would be forty.
        Assert.InRange(after.Threads, 0, threads + 10);
    }

    [Fact]
    public async Task Servy1702_a_hanging_service_that_ignores_its_stop_signal_is_killed_and_restarted()
    {
        var spec = node.Spec() with
        {
            Stop = new StopSpec { Timeout = TimeSpan.FromMilliseconds(200) },
            Hooks = new HooksSpec { PostStop = new HookSpec { Command = [node.FilePath("is-there")] } },
            Health = new HealthSpec { Liveness = new ProbeSpec { Exec = new ExecProbe([node.FilePath("is-there")]), Interval = TimeSpan.FromMilliseconds(50), Failures = 2 } },
        };
        Directory.CreateDirectory(node.DataFolder("svc-0"));
        var there = Path.Combine(node.DataFolder("svc-0"), "there");
        File.WriteAllText(there, "");
        await node.ApplyAsync(node.Wanted(spec, "deaf"));
        var first = await node.WaitRunningAsync();
        File.Delete(there);

        // It goes on hanging, so that one restart is there for a moment only.
        await node.WaitAsync(s => s.Restarts >= 1, "restarted");
        Assert.False(TestNode.IsAlive(first.Pid!.Value));
        var events = node.Events();
        Assert.Contains(events, e => e.Kind == EventKind.Started && e.Pid != first.Pid);
        Assert.Contains(events, e => e.Kind == EventKind.Killed && e.Pid == first.Pid);
        Assert.Contains(events, e => e.Kind == EventKind.HookFailed);
    }

    [Theory]
    [InlineData(RestartPolicy.Always)]
    [InlineData(RestartPolicy.OnFailure)]
    [InlineData(RestartPolicy.Never)]
    public async Task Servy1337_a_start_that_ends_with_0_before_it_is_ready_is_no_success(RestartPolicy policy)
    {
        var spec = node.Spec() with { Ready = ReadyWhen.Notify, Restart = new RestartSpec { Policy = policy, Attempts = 1, Delays = [TimeSpan.Zero] } };
        await node.ApplyAsync(node.Wanted(spec, "done"));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Contains("exit code 0 before it was ready", failed.Reason);
        Assert.False(failed.Ready);
    }

    [Fact]
    public async Task Supervisor122_a_service_starts_when_what_it_comes_after_is_ready_and_not_before()
    {
        var db = node.Spec("db") with { Health = new HealthSpec { Readiness = new ProbeSpec { Exec = new ExecProbe([node.FilePath("is-there")]), Interval = TimeSpan.FromMilliseconds(50) } } };
        var app = node.Spec("app") with { After = [new AfterSpec("db")] };
        await node.ApplyAsync(node.Wanted(app, "note"));
        await node.WaitRunningAsync("app-0");
        await node.ApplyAsync(node.Wanted(app, "note", RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped", "app-0");

        await node.ApplyAsync(node.Wanted(db));
        await node.WaitAsync(s => s.State == InstanceState.Starting && s.Pid is not null, "db starts", "db-0");
        await node.ApplyAsync(node.Wanted(app, "note"));
        await node.WaitAsync(s => s.State == InstanceState.Waiting && s.Reason.Contains("db"), "it waits for db, and says so", "app-0");

        File.WriteAllText(Path.Combine(node.DataFolder("db-0"), "there"), "");
        await node.WaitRunningAsync("app-0");
        var events = node.Events();
        var ready = events.Single(e => e.Instance == "db-0" && e.Kind == EventKind.Ready);
        Assert.True(events.Last(e => e.Instance == "app-0" && e.Kind == EventKind.Started).Sequence > ready.Sequence);
    }

    private HookSpec Hook() => new() { Command = [node.FilePath("hook")] };

    /// <summary>An operator's restarts, each with hooks, pipes and a container.</summary>
    private async Task RestartAsync(ServiceSpec spec, int first, int last)
    {
        for (var incarnation = first; incarnation <= last; incarnation++)
        {
            await node.ApplyAsync(node.Wanted(spec, incarnation: incarnation));
            await node.WaitAsync(s => s.State == InstanceState.Running && s.Incarnation == incarnation, $"running for the {incarnation}th time");
        }
    }

    /// <summary>Files: 0 where this account may not look.</summary>
    private (int Files, int Threads) Usage() => (ProcessFacts.OpenFiles(node.SupervisorPid) ?? 0, ProcessFacts.Read(node.SupervisorPid)!.Threads);
}
