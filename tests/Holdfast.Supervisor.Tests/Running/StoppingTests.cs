using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Tests.Running;

public sealed class StoppingTests : IAsyncLifetime
{
    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("run", "exec sleep 1000"),
            ("family", "setsid sleep 1000 & echo $! >> $HOME/pids\n(setsid sh -c 'echo $$ >> $HOME/pids; exec sleep 1000' &)\necho ready > $HOME/ready\nwait\nexec sleep 1000"),
            ("stubborn", "trap '' TERM\necho ready > $HOME/ready\nwhile true; do sleep 1; done"),
            ("hook", "echo \"$HOLDFAST_HOOK\" >> $HOME/hooks"),
            ("bad-hook", "exit 9"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Law02_a_stop_leaves_nobody_grandchildren_that_changed_session_included()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "family"));
        var running = await node.WaitRunningAsync();
        var pids = Path.Combine(node.DataFolder("svc-0"), "pids");
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(pids) && File.ReadAllLines(pids).Length == 2), "the family is complete");
        var family = File.ReadAllLines(pids).Select(int.Parse).Append(running.Pid!.Value).ToList();
        Assert.All(family, pid => Assert.True(TestNode.IsAlive(pid)));

        await node.ApplyAsync(node.Wanted(node.Spec(), "family", RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.All(family, pid => Assert.False(TestNode.IsAlive(pid)));
        Assert.Contains("its container is empty", node.Events().Last(e => e.Kind == EventKind.Stopped).Reason);
    }

    [Fact]
    public async Task Who_does_not_end_in_time_is_killed_and_that_is_said()
    {
        var spec = node.Spec() with { Stop = new StopSpec { Timeout = TimeSpan.FromMilliseconds(300) } };
        await node.ApplyAsync(node.Wanted(spec, "stubborn"));
        await node.WaitRunningAsync();
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(node.DataFolder("svc-0"), "ready"))), "the trap is set");
        await node.ApplyAsync(node.Wanted(spec, "stubborn", RunState.Stopped));
        var stopped = await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.Equal("SIGKILL", stopped.LastExit!.Signal);
        Assert.Contains(node.Events(), e => e.Kind == EventKind.Killed && e.Reason.Contains("300 ms of SIGTERM"));
    }

    [Fact]
    public async Task Hooks_run_in_their_order()
    {
        HookSpec hook = new() { Command = [node.FilePath("hook")] };
        var spec = node.Spec() with { Hooks = new HooksSpec { PreStart = hook, PostStart = hook, PreStop = hook, PostStop = hook } };
        await node.ApplyAsync(node.Wanted(spec));
        await node.WaitRunningAsync();
        var log = Path.Combine(node.DataFolder("svc-0"), "hooks");
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(log) && File.ReadAllLines(log).Length == 2), "postStart has run");
        await node.ApplyAsync(node.Wanted(spec, run: RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.Equal(["pre-start", "post-start", "pre-stop", "post-stop"], File.ReadAllLines(log));
    }

    [Fact]
    public async Task A_preStart_hook_that_fails_is_a_failed_start()
    {
        var spec = node.Spec() with
        {
            Hooks = new HooksSpec { PreStart = new HookSpec { Command = [node.FilePath("bad-hook")] } },
            Restart = new RestartSpec { Attempts = 0 },
        };
        await node.ApplyAsync(node.Wanted(spec));
        Assert.Contains("the preStart hook failed: exit code 9", (await node.WaitAsync(s => s.State == InstanceState.Failed, "failed")).Reason);
        Assert.DoesNotContain(node.Events(), e => e.Kind == EventKind.Started);
    }

    [Fact]
    public async Task Law11_removed_is_forgotten_on_disk_too()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var running = await node.WaitRunningAsync();
        TestNode.AssertOk(await node.Client.RemoveAsync("svc-0", default));
        await TestNode.UntilAsync(async () => (await node.Client.ListAsync(default)).Value.Count == 0, "gone from the list");
        Assert.False(TestNode.IsAlive(running.Pid!.Value));
        Assert.Empty(Directory.EnumerateFiles(node.Place.Instances));
        TestNode.AssertOk(await node.Client.RemoveAsync("svc-0", default));
    }

    [Fact]
    public async Task The_supervisor_ends_in_order_with_nothing_left_when_it_is_told_to()
    {
        await node.ApplyAsync(node.Wanted(node.Spec("db")));
        await node.ApplyAsync(node.Wanted(node.Spec("app") with { After = [new AfterSpec("db")] }));
        var pids = new[] { (await node.WaitRunningAsync("db-0")).Pid!.Value, (await node.WaitRunningAsync("app-0")).Pid!.Value };
        Assert.Equal(0, await node.TerminateSupervisorAsync());
        Assert.All(pids, pid => Assert.False(TestNode.IsAlive(pid)));
        Assert.Equal(["app-0", "db-0"], node.Events().Where(e => e.Kind == EventKind.Stopped).Select(e => e.Instance));
    }
}
