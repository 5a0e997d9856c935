using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Segments;
using Holdfast.Supervisor.Tests.Running;

namespace Holdfast.Supervisor.Tests.Complaints;

/// <summary>What users of other supervisors complain about when they stop something; docs/complaints.md has the list.</summary>
public sealed class StopComplaintTests : IAsyncLifetime
{
    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("run", "exec sleep 1000"),
            ("fail", "exit 9"),
            ("hang", "trap '' TERM; while :; do sleep 1; done"),
            ("sour", "trap 'exit 3' TERM\necho ready > $HOME/ready\nwhile :; do sleep 0.05; done"),
            ("last-words", "trap 'i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo \"word $i\"; done; printf end; exit 0' TERM\necho ready > $HOME/ready\nwhile :; do sleep 0.05; done"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Winsw850_a_stop_whose_hook_fails_stops_all_the_same_and_can_be_repeated()
    {
        var spec = node.Spec() with { Hooks = new HooksSpec { PreStop = Hook("fail"), PostStop = Hook("fail") } };
        for (var round = 0; round < 2; round++)
        {
            await node.ApplyAsync(node.Wanted(spec));
            var running = await node.WaitRunningAsync();
            await node.ApplyAsync(node.Wanted(spec, run: RunState.Stopped));
            await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
            Assert.False(TestNode.IsAlive(running.Pid!.Value));
        }

        Assert.Equal(4, node.Events().Count(e => e.Kind == EventKind.HookFailed && e.Reason.Contains("exit code 9")));
    }

    [Fact]
    public async Task Winsw320_a_stop_hook_that_hangs_for_ever_is_killed_at_its_limit()
    {
        var spec = node.Spec() with { Hooks = new HooksSpec { PreStop = Hook("hang") with { Timeout = TimeSpan.FromMilliseconds(300) } } };
        await node.ApplyAsync(node.Wanted(spec));
        var running = await node.WaitRunningAsync();
        await node.ApplyAsync(node.Wanted(spec, run: RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.False(TestNode.IsAlive(running.Pid!.Value));
        Assert.Contains(node.Events(), e => e.Kind == EventKind.HookFailed && e.Reason.Contains("no end within its timeout"));
    }

    [Fact]
    public async Task Winsw699_a_stop_that_ends_with_an_error_code_is_no_crash_and_restarts_nothing()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "sour"));
        await node.WaitRunningAsync();
        await ReadyAsync();
        await node.ApplyAsync(node.Wanted(node.Spec(), "sour", RunState.Stopped));
        var stopped = await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.Equal((3, 0), (stopped.LastExit!.Code!.Value, stopped.Restarts));

        // Nothing is queued that would come later: the next thing that happens is what the operator does.
        await node.ApplyAsync(node.Wanted(node.Spec(), "sour", incarnation: 2));
        await node.WaitRunningAsync();
        var events = node.Events();
        Assert.DoesNotContain(events, e => e.Kind == EventKind.RestartScheduled);
        Assert.Equal(2, events.Count(e => e.Kind == EventKind.Started));
    }

    [Fact]
    public async Task Servy20_what_is_written_after_the_stop_signal_is_kept_to_the_last_word()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "last-words"));
        await node.WaitRunningAsync();
        await ReadyAsync();
        await node.ApplyAsync(node.Wanted(node.Spec(), "last-words", RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopped && s.Capture.LinesWritten == 501, "stopped, all written");
        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"word {i}").Append("end"), Lines());
    }

    [Fact]
    public async Task Nssm7_what_ends_in_error_while_the_supervisor_ends_is_not_started_again_and_holds_nothing_up()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "sour"));
        await node.ApplyAsync(node.Wanted(node.Spec("other")));
        await node.WaitRunningAsync();
        await node.WaitRunningAsync("other-0");
        await ReadyAsync();
        Assert.Equal(0, await node.TerminateSupervisorAsync());
        Assert.Equal(2, node.Events().Count(e => e.Kind == EventKind.Started));
        Assert.DoesNotContain(node.Events(), e => e.Kind == EventKind.RestartScheduled);
    }

    [Fact]
    public async Task Consul282_start_and_stop_in_quick_alternation_end_where_the_last_one_wants()
    {
        for (var i = 0; i < 30; i++)
        {
            await node.ApplyAsync(node.Wanted(node.Spec(), run: i % 2 == 0 ? RunState.Running : RunState.Stopped));
            await Task.Delay(TimeSpan.FromMilliseconds(i % 7), TimeProvider.System);
        }

        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.All(node.Events().Where(e => e.Pid is not null).Select(e => e.Pid!.Value).Distinct(), pid => Assert.False(TestNode.IsAlive(pid)));
        await node.ApplyAsync(node.Wanted(node.Spec()));
        Assert.True(TestNode.IsAlive((await node.WaitRunningAsync()).Pid!.Value));
    }

    private HookSpec Hook(string script) => new() { Command = [node.FilePath(script)] };

    private Task ReadyAsync() => TestNode.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(node.DataFolder("svc-0"), "ready"))), "the trap is set");

    private List<string> Lines()
    {
        using var reader = SegmentReader.Open(Path.Combine(node.Home.Output, "svc-0"), SegmentStart.Sequence(0), TimeProvider.System);
        var lines = new List<string>();
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split()) lines.Add(System.Text.Encoding.UTF8.GetString(line.Text.Span));
        }

        return lines;
    }
}
