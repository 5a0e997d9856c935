using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Supervisors;

namespace Holdfast.Supervisor.Tests.Running;

public sealed class SurvivalTests : IAsyncLifetime
{
    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(("run", "exec sleep 1000"), ("crash", "exit 3"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Law03_the_clients_end_changes_nothing()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var before = await node.WaitRunningAsync();
        await node.ReplaceClientAsync();
        var after = await node.StatusAsync();
        Assert.Equal((before.Pid, before.CreationTime, 0), (after.Pid, after.CreationTime, after.Restarts));
    }

    [Fact]
    public async Task Law11_what_a_killed_supervisor_left_unfinished_is_swept_by_the_next()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitRunningAsync();
        await node.KillSupervisorAsync();
        string[] left = [Path.Combine(node.Place.Instances, ".orders-0.order.json.7-3.unfinished"), Path.Combine(node.Home.Supervisor, ".identity.json.7-1.unfinished")];
        foreach (var file in left) await File.WriteAllTextAsync(file, "{");

        await node.StartAsync();

        await node.WaitRunningAsync();
        Assert.DoesNotContain(left, File.Exists);
    }

    [Fact]
    public async Task Law02_and_05_a_killed_supervisor_leaves_nobody_and_the_next_one_starts_what_was_wanted_without_counting_it()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var first = await node.WaitRunningAsync();
        using (var kill = System.Diagnostics.Process.Start("/bin/kill", ["-KILL", first.Pid!.Value.ToString()])) await kill.WaitForExitAsync();
        var counted = await node.WaitAsync(s => s.State == InstanceState.Running && s.Restarts == 1, "restarted once");

        await node.KillSupervisorAsync();
        await node.StartAsync();
        var after = await node.WaitRunningAsync();
        Assert.False(TestNode.IsAlive(counted.Pid!.Value));
        Assert.Equal(1, after.Restarts);
    }

    [Fact]
    public async Task Law11_what_has_failed_is_still_failed_under_the_next_supervisor()
    {
        var spec = node.Spec() with { Restart = new RestartSpec { Attempts = 1, Delays = [TimeSpan.Zero] } };
        await node.ApplyAsync(node.Wanted(spec, "crash"));
        var failed = await node.WaitAsync(s => s.State == InstanceState.Failed, "failed");
        await node.KillSupervisorAsync();
        var starts = node.Events().Count(e => e.Kind == EventKind.Started);
        await node.StartAsync();
        var after = await node.StatusAsync();
        Assert.Equal((InstanceState.Failed, failed.Reason), (after.State, after.Reason));
        Assert.Equal(starts, node.Events().Count(e => e.Kind == EventKind.Started));
    }

    [Fact]
    public async Task Law09_counts_of_captured_output_go_on_under_the_next_supervisor()
    {
        node.Admit(("talk", "for i in 1 2 3 4 5 6 7; do echo line $i; done; exec sleep 1000"));
        await node.ApplyAsync(node.Wanted(node.Spec(), "talk"));
        await node.WaitAsync(s => s.Capture.LinesWritten == 7, "seven lines");
        var memory = Path.Combine(node.Place.Instances, "svc-0.memory");
        await TestNode.UntilAsync(
            () => Task.FromResult(System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(memory)).Contains("\"linesWritten\":7", StringComparison.Ordinal)),
            "the counts are kept");

        await node.KillSupervisorAsync();
        await node.StartAsync();
        var after = await node.WaitAsync(s => s.State == InstanceState.Running && s.Capture.LinesWritten >= 14, "seven more");
        Assert.Equal((14, 14, 0), (after.Capture.LinesRead, after.Capture.LinesWritten, after.Capture.LinesDropped));
    }

    [Fact]
    public async Task A_damaged_order_is_named_and_the_other_instances_are_not_harmed()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.ApplyAsync(node.Wanted(node.Spec("other")));
        await node.WaitRunningAsync();
        await node.WaitRunningAsync("other-0");
        await node.KillSupervisorAsync();
        var damaged = Path.Combine(node.Place.Instances, "svc-0.order.json");
        foreach (var content in new[] { "{", "null", "{}", "{\"desired\":null}", "{\"desired\":{\"plan\":null,\"run\":\"running\",\"incarnation\":1}}" })
        {
            File.WriteAllText(damaged, content);
            await node.StartAsync();
            await node.WaitRunningAsync("other-0");
            await TestNode.UntilAsync(() => Task.FromResult(node.Errors.Contains("svc-0.order.json is left aside", StringComparison.Ordinal)), "it is named");
            Assert.Equal(content, File.ReadAllText(damaged));
            Assert.Single((await node.Client.ListAsync(default)).Value);
            await node.KillSupervisorAsync();
            node.ForgetErrors();
        }

        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitRunningAsync();
    }

    [Fact]
    public async Task The_supervisors_death_is_told_and_not_its_life()
    {
        var loss = node.Client.WaitForLossAsync(default);
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitRunningAsync();
        Assert.False(loss.IsCompleted);

        await node.KillSupervisorAsync();
        await loss.WaitAsync(TestNode.Patience, TimeProvider.System);
        await node.StartAsync();
    }

    [Fact]
    public async Task A_second_supervisor_says_who_is_first_and_ends()
    {
        using var second = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(TestNode.Executable, ["run", "--home", node.Home.Path]) { RedirectStandardError = true })!;
        var words = await second.StandardError.ReadToEndAsync();
        await second.WaitForExitAsync();
        Assert.Equal(ExitCode.Conflict, second.ExitCode);
        Assert.Contains(node.SupervisorPid.ToString(), words);
        Assert.DoesNotContain("   at ", words);
    }

    [Fact]
    public async Task A_change_is_told_to_who_waits_for_it()
    {
        var now = await node.Client.WaitForChangeAsync(-1, default);
        using var patience = new CancellationTokenSource(TestNode.Patience, TimeProvider.System);
        var waiting = node.Client.WaitForChangeAsync(now, patience.Token);
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var told = await waiting;
        Assert.True(told > now);
        Assert.True(node.Events().Count >= told, "told before it was written");
    }

    [Fact]
    public async Task One_that_is_told_to_end_as_soon_as_it_has_a_name_ends_in_order()
    {
        Assert.Equal(0, await node.TerminateSupervisorAsync());
        node.Launch();
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(node.Place.Identity)), "it has a name");
        Assert.Equal(0, await node.TerminateSupervisorAsync());
        Assert.False(File.Exists(node.Place.Identity));
    }

    [Fact]
    public async Task The_launcher_finds_the_running_supervisor_and_starts_one_where_there_is_none()
    {
        await using var found = (await SupervisorLauncher.EnsureRunningAsync(node.Place, TimeProvider.System, default, TestNode.Executable)).Value;
        Assert.Equal(node.SupervisorPid, found.Identity!.Pid);

        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitRunningAsync();
        await node.KillSupervisorAsync();
        var started = await SupervisorLauncher.EnsureRunningAsync(node.Place, TimeProvider.System, default, TestNode.Executable);
        Assert.True(started.IsOk, string.Join("; ", started.Problems));
        await using var client = started.Value;
        Assert.NotEqual(node.SupervisorPid, client.Identity!.Pid);
        await node.WaitRunningAsync();
        TestNode.AssertOk(await client.ShutdownAsync(default));
        // Its guard too: they write in the node's folder up to their end, and that goes with the test.
        await TestNode.UntilAsync(() => Task.FromResult(SupervisorLauncher.IsNobodyThere(node.Place, TimeProvider.System)), "the started supervisor and its guard have ended");
    }
}
