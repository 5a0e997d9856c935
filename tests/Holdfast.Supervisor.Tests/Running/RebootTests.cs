using System.Diagnostics;
using System.Text.Json;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;
using Holdfast.Supervisor.State;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>A supervisor that finds what one of another boot has left: another boot id, a clock that began anew, PIDs that are others' now.</summary>
public sealed class RebootTests : IAsyncLifetime
{
    private static readonly TimeSpan LongUp = TimeSpan.FromDays(40);

    private readonly TestNode node = new();

    public Task InitializeAsync()
    {
        node.Admit(("run", "exec sleep 1000"), ("crash", "exit 3"), ("slow", "rm -f there; sleep 0.3; touch there; exec sleep 1000"), ("is-there", "test -e there"));
        return node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Law05_and_11_a_reboot_counts_for_nothing_and_keeps_what_was_counted()
    {
        await node.ApplyAsync(node.Wanted(node.Spec()));
        var first = await node.WaitRunningAsync();
        using (var kill = Process.Start("/bin/kill", ["-KILL", $"{first.Pid}"])) await kill.WaitForExitAsync();
        await node.WaitAsync(s => s is { State: InstanceState.Running, Restarts: 1 }, "restarted once");
        var crashing = node.Spec("bad") with { Restart = new RestartSpec { Attempts = 2, Delays = [TimeSpan.Zero] } };
        await node.ApplyAsync(node.Wanted(crashing, "crash"));
        await node.WaitAsync(s => s.State == InstanceState.Failed, "failed", "bad-0");
        await node.KillSupervisorAsync();
        var starts = Starts("bad-0");
        using var bystander = Process.Start("sleep", "1000");
        try
        {
            LeaveAsBeforeReboot(bystander.Id);

            await node.StartAsync();

            var after = await node.WaitRunningAsync();
            Assert.Equal((1, 1), (after.Restarts, after.RestartsByReason["signal"]));
            // What had failed gets one more try, and no more: what it had used up within the window is used up.
            var failed = await node.WaitAsync(s => s.State == InstanceState.Failed && Starts("bad-0") > starts, "failed again", "bad-0");
            Assert.Equal((starts + 1, 2, 2), (Starts("bad-0"), failed.Restarts, failed.RestartsByReason["exit"]));
            Assert.False(bystander.HasExited);
        }
        finally
        {
            bystander.Kill();
            await bystander.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task At_boot_what_comes_after_another_waits_for_it_with_neither_agent_nor_store()
    {
        var db = node.Spec("db") with { Health = new HealthSpec { Readiness = new ProbeSpec { Exec = new ExecProbe([node.FilePath("is-there")]), Interval = TimeSpan.FromMilliseconds(50) } } };
        await node.ApplyAsync(node.Wanted(db, "slow"));
        await node.WaitRunningAsync("db-0");
        await node.ApplyAsync(node.Wanted(node.Spec("app") with { After = [new AfterSpec("db")] }));
        await node.WaitRunningAsync("app-0");
        await node.KillSupervisorAsync();
        var before = node.Events().Max(happened => happened.Sequence);

        await node.StartAsync();
        await node.WaitAsync(s => s is { State: InstanceState.Running, Ready: true }, "ready again", "db-0");
        await node.WaitRunningAsync("app-0");

        var since = node.Events().Where(happened => happened.Sequence > before).ToList();
        var ready = since.Single(happened => happened.Instance == "db-0" && happened.Kind == EventKind.Ready);
        Assert.True(since.Single(happened => happened.Instance == "app-0" && happened.Kind == EventKind.Started).Sequence > ready.Sequence);
    }

    private int Starts(string instance) => node.Events().Count(happened => happened.Instance == instance && happened.Kind == EventKind.Started);

    /// <summary>Everything on the disk as it was when the power went, the boot before this one.</summary>
    private void LeaveAsBeforeReboot(int pid)
    {
        foreach (var path in Directory.EnumerateFiles(node.Place.Instances, "*.memory"))
        {
            using var file = new MemoryFile(path);
            var memory = JsonSerializer.Deserialize(file.Content, SupervisionJson.Default.InstanceMemory)!;
            var earlier = memory with
            {
                BootId = "another-boot",
                WrittenAt = memory.WrittenAt + LongUp,
                Ledger = memory.Ledger with { Attempts = [.. memory.Ledger.Attempts.Select(at => at + LongUp)], HealthySince = memory.Ledger.HealthySince + LongUp },
            };
            // Both slots: nothing of the real boot is left.
            file.Write(JsonSerializer.SerializeToUtf8Bytes(earlier, SupervisionJson.Default.InstanceMemory));
            file.Write(JsonSerializer.SerializeToUtf8Bytes(earlier, SupervisionJson.Default.InstanceMemory));
        }

        var identity = new SupervisorIdentity(pid, ProcessFacts.Read(pid)!.CreationTime, "another-boot", "0", "0.0.0", node.Place.Socket);
        File.WriteAllBytes(node.Place.Identity, JsonSerializer.SerializeToUtf8Bytes(identity, SupervisionJson.Default.SupervisorIdentity));
        File.WriteAllText(node.Place.Lock, $"{pid}\n");
        File.WriteAllText(node.Place.GuardLock, $"{pid}\n");
        // Of the supervisor that was killed: nobody listens there any more.
        Assert.True(File.Exists(node.Place.Socket));
    }
}
