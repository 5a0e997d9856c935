using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Tests.Running;

public sealed class RestartTests : IAsyncLifetime
{
    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(("run", "exec sleep 1000"), ("crash", "exit 3"), ("config", "exit 78"), ("work", "exit 0"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Law05_a_killed_process_is_back_with_a_new_pid_and_counted()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var before = await node.WaitRunningAsync();
        await KillAsync(before.Pid!.Value);
        var after = await node.WaitAsync(s => s.State == InstanceState.Running && s.Pid != before.Pid, "another process");

        Assert.Equal(1, after.Restarts);
        Assert.Equal(1, after.RestartsByReason["signal"]);
        Assert.Equal("SIGKILL", after.LastExit!.Signal);
        Assert.False(TestNode.IsAlive(before.Pid!.Value));
    }

    [Fact]
    public async Task Law05_the_fourth_crash_in_a_row_is_failed_with_its_reason_and_every_step_is_in_the_journal()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "crash"));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Equal("exit code 3: given up after 3 restarts within 10 min", failed.Reason);
        Assert.Equal(3, failed.Restarts);

        var events = node.Events();
        Assert.Equal(4, events.Count(e => e.Kind == EventKind.Started));
        Assert.Equal(3, events.Count(e => e.Kind == EventKind.RestartScheduled));
        Assert.Equal(EventKind.Failed, events[^1].Kind);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Law05_an_operators_restart_begins_with_a_new_count()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "crash"));
        await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        await node.ApplyAsync(node.Wanted(node.Spec(), "crash", incarnation: 2));
        var again = await node.WaitAsync(s => s.State == InstanceState.Failed && s.Incarnation == 2, "failed again");
        Assert.Equal(3, again.Restarts);
        Assert.Equal(6, again.RestartsByReason["exit"]);
    }

    [Fact]
    public async Task A_permanent_code_fails_at_once()
    {
        var spec = node.Spec() with { Restart = new RestartSpec { PermanentCodes = [78] } };
        await node.ApplyAsync(node.Wanted(spec, "config"));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        Assert.Equal(0, failed.Restarts);
        Assert.Contains("exit code 78", failed.Reason);
    }

    [Fact]
    public async Task Work_that_is_done_is_completed()
    {
        var spec = node.Spec() with { Restart = new RestartSpec { Policy = RestartPolicy.OnFailure } };
        await node.ApplyAsync(node.Wanted(spec, "work"));
        Assert.Contains("its work is done", (await node.WaitAsync(s => s.State == InstanceState.Completed, "completed")).Reason);
    }

    [Fact]
    public async Task Another_release_takes_the_place_of_the_old_one_and_the_same_one_changes_nothing()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var first = await node.WaitRunningAsync();
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.ApplyAsync(node.Wanted(node.Spec(), release: 2));
        var second = await node.WaitAsync(s => s is { State: InstanceState.Running, Release: 2 }, "release 2");
        Assert.NotEqual(first.Pid, second.Pid);
        Assert.False(TestNode.IsAlive(first.Pid!.Value));
        Assert.Equal(2, node.Events().Count(e => e.Kind == EventKind.Started));
    }

    private static async Task KillAsync(int pid)
    {
        using var kill = System.Diagnostics.Process.Start("/bin/kill", ["-KILL", pid.ToString()]);
        await kill.WaitForExitAsync();
    }
}
