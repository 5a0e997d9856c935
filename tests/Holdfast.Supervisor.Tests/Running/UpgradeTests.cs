using System.Text;
using Holdfast.Core.Health;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>A supervisor that is replaced by another build under what it keeps.</summary>
public class UpgradeTests
{
    private const string Lines = "i=0; while true; do i=$((i+1)); echo line $i; [ $((i % 50)) -eq 0 ] && sleep 0.01; done";

    [Fact]
    public async Task Law03_services_keep_their_processes_their_lines_and_their_counters()
    {
        await using var node = new TestNode();
        node.Admit(("run", Lines));
        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var first = await node.WaitRunningAsync();
        // One restart to count.
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "KILL", default));
        var before = await node.WaitAsync(s => s.State == InstanceState.Running && s.Pid != first.Pid, "restarted");
        await node.WaitAsync(s => s.Capture.LinesRead > 500, "it has written");

        var supervisor = node.SupervisorPid;
        var nonce = node.Client.Identity!.Nonce;
        foreach (var name in new[] { "b", "c", "b2" })
        {
            var next = node.AnotherBuild(name);
            var serves = await node.Client.UpgradeAsync(next, default);
            Assert.True(serves.IsOk, string.Join("; ", serves.Problems) + node.Errors);
            Assert.Equal((supervisor, next, nonce), (serves.Value.Pid, serves.Value.Executable, serves.Value.Nonce));
            var read = (await node.StatusAsync()).Capture.LinesRead;
            await node.WaitAsync(s => s.Capture.LinesRead > read + 500, "it is read on");
        }

        var after = await node.StatusAsync();
        Assert.Equal((before.Pid, before.CreationTime, before.Restarts, before.StartedAt), (after.Pid, after.CreationTime, after.Restarts, after.StartedAt));
        Assert.Equal(InstanceState.Running, after.State);
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "STOP", default));
        await AssertLinesInOrderAsync(node);

        // It is still the parent: it learns of the end, and starts again.
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "KILL", default));
        var again = await node.WaitAsync(s => s.State == InstanceState.Running && s.Pid != before.Pid, "restarted by the new version");
        Assert.Equal(before.Restarts + 1, again.Restarts);
        Assert.Equal("killed by SIGKILL", again.LastExit?.ToString());
    }

    [Fact]
    public async Task Law06_a_line_that_is_half_written_is_stored_once_and_whole()
    {
        await using var node = new TestNode();
        node.Admit(("run", "printf 'half of '; while [ ! -e go ]; do sleep 0.01; done; echo it; printf 'caf\\303'; while [ ! -e on ]; do sleep 0.01; done; printf '\\251\\n'; exec sleep 1000"));
        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitAsync(s => s.Capture.BytesRead == 8, "half a line is read");
        await UpgradedAsync(node, "b");
        File.WriteAllText(Path.Combine(node.DataFolder("svc-0"), "go"), "");
        await node.WaitAsync(s => s.Capture.BytesRead == 15, "half a character is read");
        await UpgradedAsync(node, "c");
        File.WriteAllText(Path.Combine(node.DataFolder("svc-0"), "on"), "");
        await node.WaitAsync(s => s.Capture.BytesRead == 17, "all is read");
        var text = string.Join("", await CapturedAsync(node, lines => string.Concat(lines).EndsWith("café", StringComparison.Ordinal)));
        Assert.EndsWith("it" + "café", text, StringComparison.Ordinal);
        Assert.Equal("half of itcafé", text);
    }

    [Fact]
    public async Task Law10_what_is_secret_stays_unreadable_over_a_handover_in_the_middle_of_it()
    {
        await using var node = new TestNode();
        var secret = Path.Combine(node.Home.Path, "secret");
        File.WriteAllText(secret, "correct horse");
        node.Admit(("run", "echo '-----BEGIN PRIVATE KEY-----'; while [ ! -e go ]; do sleep 0.01; done; echo c2VjcmV0; echo '-----END PRIVATE KEY-----'; while [ ! -e on ]; do sleep 0.01; done; echo pass correct horse; exec sleep 1000"));
        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec() with { Secrets = new Dictionary<string, string> { ["TOKEN"] = secret } }));
        await node.WaitAsync(s => s.Capture.LinesRead == 1, "the key has begun");
        await UpgradedAsync(node, "b");
        File.WriteAllText(Path.Combine(node.DataFolder("svc-0"), "go"), "");
        await node.WaitAsync(s => s.Capture.LinesRead == 3, "the key is over");
        await UpgradedAsync(node, "c");
        File.WriteAllText(Path.Combine(node.DataFolder("svc-0"), "on"), "");
        var lines = await CapturedAsync(node, found => found.Count >= 4);
        Assert.All(lines, line => Assert.Contains("[redacted:", line, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("correct horse", StringComparison.Ordinal) || line.Contains("c2VjcmV0", StringComparison.Ordinal));
        // Nothing of the handover was ever a file.
        Assert.Empty(Directory.EnumerateFiles(node.Home.Supervisor, "*handover*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Every_state_is_taken_over_and_goes_on()
    {
        await using var node = new TestNode();
        node.Admit(
            ("run", "exec sleep 1000"),
            ("crash", "exit 3"),
            ("slow-stop", "trap 'while [ ! -e go ]; do sleep 0.01; done; exit 0' TERM; while true; do sleep 0.01; done"),
            ("hook", "while [ ! -e go ]; do sleep 0.01; done; echo $HOLDFAST_HOOK >ran"),
            ("ready", "while [ ! -e go ]; do sleep 0.01; done"),
            ("notify", "exec sleep 1000"));
        await node.StartAsync();
        var backing = node.Spec("backing") with { Restart = new RestartSpec { Delays = [TimeSpan.FromHours(1)] } };
        var failed = node.Spec("failed") with { Restart = new RestartSpec { Attempts = 0 } };
        var hooked = node.Spec("hooked") with { Hooks = new HooksSpec { PreStart = new HookSpec { Command = [node.FilePath("hook")], Timeout = TestNode.Patience } } };
        var probed = node.Spec("probed") with { Health = new HealthSpec { Readiness = new ProbeSpec { Exec = new ExecProbe([node.FilePath("ready")]), Timeout = TestNode.Patience } } };
        var waiting = node.Spec("waiting") with { After = [new AfterSpec("probed")] };
        await node.ApplyAsync(node.Wanted(backing, "crash"));
        await node.ApplyAsync(node.Wanted(failed, "crash"));
        var stopping = node.Spec("stopping") with { Stop = new StopSpec { Timeout = TimeSpan.FromMinutes(10) } };
        await node.ApplyAsync(node.Wanted(stopping, "slow-stop"));
        await node.ApplyAsync(node.Wanted(hooked));
        await node.ApplyAsync(node.Wanted(probed));
        await node.ApplyAsync(node.Wanted(waiting));
        await node.ApplyAsync(node.Wanted(node.Spec("stopped"), run: RunState.Stopped));
        await node.WaitRunningAsync("stopping-0");
        await node.ApplyAsync(node.Wanted(stopping, "slow-stop", RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopping, "stopping", "stopping-0");
        await node.WaitAsync(s => s.State == InstanceState.Failed, "failed", "failed-0");
        await node.WaitAsync(s => s.State == InstanceState.BackingOff, "backing off", "backing-0");
        var before = (await node.Client.ListAsync(default)).Value.ToDictionary(s => s.Instance);
        Assert.Equal(InstanceState.Starting, before["hooked-0"].State);
        Assert.Equal(InstanceState.Starting, before["probed-0"].State);
        Assert.Equal(InstanceState.Waiting, before["waiting-0"].State);

        await UpgradedAsync(node, "b");

        var after = (await node.Client.ListAsync(default)).Value.ToDictionary(s => s.Instance);
        foreach (var (name, was) in before)
        {
            Assert.Equal((was.State, was.Pid, was.Reason, was.NextStartAt, was.Restarts), (after[name].State, after[name].Pid, after[name].Reason, after[name].NextStartAt, after[name].Restarts));
        }

        foreach (var name in new[] { "stopping-0", "hooked-0", "probed-0" }) File.WriteAllText(Path.Combine(node.DataFolder(name), "go"), "");
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped at last", "stopping-0");
        await node.WaitRunningAsync("hooked-0");
        Assert.Equal("pre-start\n", File.ReadAllText(Path.Combine(node.DataFolder("hooked-0"), "ran")));
        await node.WaitRunningAsync("probed-0");
        await node.WaitRunningAsync("waiting-0");
        await node.ApplyAsync(node.Wanted(backing, "crash", incarnation: 2));
        await node.WaitAsync(s => s.State == InstanceState.BackingOff && s.NextStartAt != before["backing-0"].NextStartAt, "tried again", "backing-0");
        Assert.Equal(before["probed-0"].Pid, (await node.StatusAsync("probed-0")).Pid);
    }

    [Fact]
    public async Task A_service_that_says_how_it_is_says_it_to_the_next_version()
    {
        await using var node = new TestNode();
        node.Admit(("run", "while [ ! -e go ]; do sleep 0.01; done; systemd-notify --status='still here' READY=1; exec sleep 1000"));
        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec() with { Ready = ReadyWhen.Notify }));
        await node.WaitAsync(s => s.State == InstanceState.Starting && s.Pid is not null, "starting");
        await UpgradedAsync(node, "b");
        Assert.Equal(InstanceState.Starting, (await node.StatusAsync()).State);
        File.WriteAllText(Path.Combine(node.DataFolder("svc-0"), "go"), "");
        var ready = await node.WaitRunningAsync();
        Assert.Equal("still here", ready.StatusText);
    }

    [Theory]
    [InlineData("#!/bin/sh\nexit 0\n", "it said nothing")]
    [InlineData("#!/bin/sh\nkill -9 $$\n", "it said nothing")]
    [InlineData("#!/bin/sh\necho hello\n", "is not an answer")]
    [InlineData("#!/bin/sh\necho '{\"version\":\"9\",\"digest\":\"\",\"instances\":1}'\n", "has not understood all")]
    [InlineData("#!/bin/sh\necho '{\"version\":\"9\",\"digest\":\"\",\"instances\":0,\"problem\":\"format 1 is too old\"}'\n", "format 1 is too old")]
    [InlineData("no program at all", "")]
    public async Task A_broken_image_is_refused_with_everything_still_running(string image, string why)
    {
        await using var node = new TestNode();
        node.Admit(("run", Lines));
        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var before = await node.WaitRunningAsync();
        var broken = node.AnotherBuild(spoil: folder =>
        {
            var path = Path.Combine(folder, "holdfast-supervisor");
            File.Delete(path);
            File.WriteAllText(path, image);
            TestNode.SetRights(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        });
        var refused = await node.Client.UpgradeAsync(broken, default);
        Assert.False(refused.IsOk);
        Assert.Contains(why, refused.Problems[0].ToString(), StringComparison.Ordinal);
        await AssertGoesOnAsync(node, before);
    }

    [Fact]
    public async Task An_image_that_lacks_a_part_is_refused()
    {
        await using var node = new TestNode();
        node.Admit(("run", Lines));
        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var before = await node.WaitRunningAsync();
        var broken = node.AnotherBuild(spoil: folder => File.Delete(Path.Combine(folder, "Holdfast.Core.dll")));
        var refused = await node.Client.UpgradeAsync(broken, default);
        Assert.Equal("upgrade.not-proven", refused.Problems[0].Rule);
        await AssertGoesOnAsync(node, before);
    }

    [Fact]
    public async Task What_another_account_could_change_is_not_run()
    {
        await using var node = new TestNode();
        await node.StartAsync();
        var open = node.AnotherBuild(spoil: folder => TestNode.SetRights(Path.Combine(folder, "Holdfast.Core.dll"), (UnixFileMode)0x1B6));
        var refused = await node.Client.UpgradeAsync(open, default);
        Assert.Equal(("upgrade.open-to-others", ProblemKind.Refused), (refused.Problems[0].Rule, refused.Problems[0].Kind));
        Assert.Contains("Holdfast.Core.dll", refused.Problems[0].What, StringComparison.Ordinal);
        Assert.Equal("upgrade.no-executable", (await node.Client.UpgradeAsync("/nowhere/holdfast-supervisor", default)).Problems[0].Rule);
        Assert.Equal("upgrade.path", (await node.Client.UpgradeAsync("holdfast-supervisor", default)).Problems[0].Rule);
    }

    [Fact]
    public async Task Output_that_waits_for_the_disk_is_not_left_behind_by_an_upgrade()
    {
        await using var node = new TestNode();
        node.Admit(("run", Lines));
        await node.StartAsync();
        var wanted = node.Wanted(node.Spec() with { Output = new OutputSpec { OnFull = OverflowPolicy.Block } });
        // Where the folder should be is a file: nothing can be written.
        Directory.CreateDirectory(node.Home.Output);
        File.WriteAllText(wanted.Plan.OutputFolder, "");
        await node.ApplyAsync(wanted);
        await node.WaitAsync(s => s.Capture.Trouble is not null, "trouble");
        var refused = await node.Client.UpgradeAsync(node.AnotherBuild(), default);
        Assert.Equal("upgrade.output", refused.Problems[0].Rule);
        File.Delete(wanted.Plan.OutputFolder);
        await node.WaitAsync(s => s.Capture.Trouble is null, "no trouble");
        Assert.True((await node.Client.UpgradeAsync(node.AnotherBuild("again"), default)).IsOk);
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "STOP", default));
        await AssertLinesInOrderAsync(node);
        await LetItStopAsync(node);
    }

    [Fact]
    public async Task A_stop_that_is_asked_for_while_it_becomes_the_next_version_stops_in_order()
    {
        await using var node = new TestNode();
        node.Admit(("run", "trap 'echo stopped >ended; exit 0' TERM; while true; do sleep 0.01; done"));
        await node.StartAsync();
        await node.ApplyAsync(node.Wanted(node.Spec()));
        await node.WaitRunningAsync();
        var next = node.AnotherBuild();
        using var asking = new CancellationTokenSource();
        var upgrading = node.Client.UpgradeAsync(next, asking.Token);
        // As near to the change as it can be: the file that the process runs is already the other one.
        await TestNode.UntilAsync(() => Task.FromResult(ProcessFacts.Executable(node.SupervisorPid) == next), "it is the next version");
        Assert.Equal(ExitCode.Ok, await node.TerminateSupervisorAsync());
        Assert.Equal("stopped\n", File.ReadAllText(Path.Combine(node.DataFolder("svc-0"), "ended")));
        await asking.CancelAsync();
        try
        {
            await upgrading;
        }
        catch (OperationCanceledException)
        {
            // Who asked waited for the supervisor that a guard starts, and there is none here; or else was told before that this one ends.
        }
    }

    private static async Task UpgradedAsync(TestNode node, string name)
    {
        var serves = await node.Client.UpgradeAsync(node.AnotherBuild(name), default);
        Assert.True(serves.IsOk, string.Join("; ", serves.Problems) + node.Errors);
    }

    private static async Task AssertGoesOnAsync(TestNode node, InstanceStatus before)
    {
        var now = await node.StatusAsync();
        Assert.Equal((before.Pid, before.Restarts, InstanceState.Running), (now.Pid, now.Restarts, now.State));
        // Nothing of the image that was asked is left, not even a zombie.
        Assert.Equal([now.Pid!.Value], Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? ProcessFacts.Read(pid) : null)
            .Where(facts => facts?.ParentPid == node.SupervisorPid).Select(facts => facts!.Pid));
        await node.WaitAsync(s => s.Capture.LinesRead > now.Capture.LinesRead + 500, "it is read on");
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "STOP", default));
        await AssertLinesInOrderAsync(node);
        await LetItStopAsync(node);
    }

    /// <summary>What stands still does not hear that it is to stop, and would be waited for.</summary>
    private static async Task LetItStopAsync(TestNode node) => TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "CONT", default));

    /// <summary>Each run of the service counts from 1: no number is missing or there twice.</summary>
    private static async Task AssertLinesInOrderAsync(TestNode node)
    {
        long read = -1;
        await TestNode.UntilAsync(async () =>
        {
            var (before, now) = (read, (await node.StatusAsync()).Capture.LinesRead);
            read = now;
            return before == now;
        }, "it is read to the end");
        var lines = await CapturedAsync(node, found => found.Count >= read);
        Assert.Equal(read, lines.Count);
        var last = 0;
        foreach (var line in lines)
        {
            var number = int.Parse(line.AsSpan("line ".Length));
            Assert.True(number == last + 1 || number == 1, $"{number} after {last}");
            last = number;
        }
    }

    private static async Task<IReadOnlyList<string>> CapturedAsync(TestNode node, Func<IReadOnlyList<string>, bool> enough)
    {
        List<string> lines = [];
        await TestNode.UntilAsync(() =>
        {
            lines = [];
            using var reader = SegmentReader.Open(Path.Combine(node.Home.Output, "svc-0"), SegmentStart.Beginning, TimeProvider.System);
            while (reader.TryRead(out var block))
            {
                Assert.Null(block.Loss);
                foreach (var line in block.Split()) lines.Add(Encoding.UTF8.GetString(line.Text.Span));
            }

            return Task.FromResult(enough(lines));
        }, () => $"the output is there; found: {string.Join('|', lines.TakeLast(5))}");
        return lines;
    }
}
