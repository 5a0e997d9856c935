using System.Diagnostics;
using System.Globalization;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Supervisor.Fencing;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>Law 4b: the supervisor keeps the deadline, whoever else does not.</summary>
public sealed class FencingTests : IAsyncLifetime
{
    private const long Lease = 7;

    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("run", "echo $HOLDFAST_EPOCH > epoch; sh -c 'trap \"\" TERM HUP; echo $$ > grandchild; while :; do sleep 0.05; done' & trap '' TERM; while :; do sleep 0.05; done"),
            ("crash", "echo again >> starts; sleep 0.2; exit 3"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task Law04_nothing_is_started_before_the_lease_is_told_of_and_then_in_its_epoch()
    {
        await node.ApplyAsync(Led(3));
        var waits = await node.WaitAsync(s => s.State == InstanceState.Waiting, "waiting");
        Assert.Contains("was not told yet", waits.Reason, StringComparison.Ordinal);
        Assert.Equal((3, Lease), (waits.Epoch, waits.Lease));
        await ExtendAsync(20);
        await node.WaitRunningAsync();
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(Data("epoch")) && File.ReadAllText(Data("epoch")) == "3\n"), () => "its epoch");
    }

    [Fact]
    public async Task Law04_at_the_deadline_everything_is_killed_although_nobody_says_so_and_it_ignores_signals()
    {
        await ExtendAsync(8);
        await node.ApplyAsync(Led(3));
        var ran = await node.WaitRunningAsync();
        var grandchild = await GrandchildAsync();
        var fenced = await node.WaitAsync(s => s.State == InstanceState.Stopped, "fenced");
        Assert.Contains("deadline has passed", fenced.Reason, StringComparison.Ordinal);
        Assert.False(TestNode.IsAlive(ran.Pid!.Value));
        Assert.False(TestNode.IsAlive(grandchild));
        Assert.Single(node.Events(), e => e.Kind == EventKind.Fenced);
        // Its end is the fence, and no crash.
        Assert.DoesNotContain(node.Events(), e => e.Kind == EventKind.RestartScheduled);

        // The same epoch is not taken up again, under whatever lease; a later one is.
        Assert.Equal("lease.fenced", (await node.Client.ExtendAsync(Lease, Soon(10), Soon(20), null, default)).Problems[0].Rule);
        await ExtendAsync(20, 8);
        await node.ApplyAsync(Led(4, 8));
        var next = await node.WaitRunningAsync();
        Assert.Equal((4, 0), (next.Epoch, next.Restarts));
    }

    [Fact]
    public async Task Law04_what_is_extended_in_time_is_not_touched()
    {
        await ExtendAsync(6);
        await node.ApplyAsync(Led(3));
        var ran = await node.WaitRunningAsync();
        var until = BootClock.SinceBoot + TimeSpan.FromSeconds(7);
        while (BootClock.SinceBoot < until)
        {
            await ExtendAsync(6);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }

        Assert.Equal((ran.Pid, 0), ((await node.StatusAsync()).Pid, (await node.StatusAsync()).Restarts));
    }

    [Fact]
    public async Task Law04_a_fence_kills_at_once_and_without_hooks()
    {
        await ExtendAsync(60);
        var spec = node.Spec() with { Hooks = new HooksSpec { PreStop = Hook("crash"), PostStop = Hook("crash") } };
        await node.ApplyAsync(Led(3, spec: spec));
        var ran = await node.WaitRunningAsync();
        Assert.True((await node.Client.FenceAsync(Lease, "the store says that it has ended", default)).IsOk);
        var fenced = await node.WaitAsync(s => s.State == InstanceState.Stopped, "fenced");
        Assert.Contains("the store says that it has ended", fenced.Reason, StringComparison.Ordinal);
        Assert.False(TestNode.IsAlive(ran.Pid!.Value));
        Assert.False(File.Exists(Data("starts")), "a hook ran");
    }

    [Fact]
    public async Task Restarts_stay_in_their_epoch_and_wait_while_nothing_new_is_let_in()
    {
        await ExtendAsync(60);
        await node.ApplyAsync(Led(3, script: "crash", spec: node.Spec() with { Restart = new RestartSpec { Attempts = 1000, Delays = [TimeSpan.Zero] } }));
        await node.WaitAsync(s => s.Restarts > 1 && s.Epoch == 3, "restarted");
        Assert.True((await node.Client.HoldBackAsync(Lease, "the clock jumped", default)).IsOk);
        // A restart can be seen to wait in the moment before it is looked at what it waits for.
        var held = await node.WaitAsync(s => s.State == InstanceState.Waiting && s.Reason.Contains("the clock jumped", StringComparison.Ordinal), "held back");
        await ExtendAsync(70);
        await node.WaitAsync(s => s.Restarts > held.Restarts, "restarted again");
    }

    [Fact]
    public async Task Law04_a_supervisor_that_was_killed_starts_nothing_of_a_lease_before_it_is_told_again()
    {
        await ExtendAsync(60);
        await node.ApplyAsync(Led(3));
        await node.WaitRunningAsync();
        await node.KillSupervisorAsync();
        await node.StartAsync();
        await node.WaitAsync(s => s.State == InstanceState.Waiting, "waiting");
        Assert.Empty((await node.Client.LeasesAsync(default)).Value.Leases);
        await ExtendAsync(60);
        await node.WaitRunningAsync();
    }

    [Fact]
    public async Task Law04_a_supervisor_that_stood_still_past_the_deadline_kills_when_it_wakes()
    {
        await ExtendAsync(8);
        await node.ApplyAsync(Led(3));
        var ran = await node.WaitRunningAsync();
        await SignalAsync("-STOP");
        var until = BootClock.SinceBoot + TimeSpan.FromSeconds(8.5);
        await TestNode.UntilAsync(() => Task.FromResult(BootClock.SinceBoot > until), () => "the deadline");
        Assert.True(TestNode.IsAlive(ran.Pid!.Value));
        await SignalAsync("-CONT");
        await TestNode.UntilAsync(() => Task.FromResult(!TestNode.IsAlive(ran.Pid!.Value)), () => "its end");
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "fenced");
    }

    [Fact]
    public async Task Law04_an_upgrade_in_place_keeps_the_deadline()
    {
        await ExtendAsync(600);
        await node.ApplyAsync(Led(3));
        var ran = await node.WaitRunningAsync();
        var known = Assert.Single((await node.Client.LeasesAsync(default)).Value.Leases);
        var next = node.AnotherBuild();
        var upgraded = await node.Client.UpgradeAsync(next, default);
        Assert.True(upgraded.IsOk, string.Join("; ", upgraded.Problems));
        Assert.Equal(ran.Pid, (await node.StatusAsync()).Pid);
        Assert.Equal(known, Assert.Single((await node.Client.LeasesAsync(default)).Value.Leases));
        await node.Client.FenceAsync(Lease, "so", default);
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "fenced");
        Assert.False(TestNode.IsAlive(ran.Pid!.Value));
    }

    [Fact]
    public async Task A_service_sees_its_epoch_and_until_when_it_may_act()
    {
        await ExtendAsync(20);
        node.Admit(("run", "echo \"$HOLDFAST_LEASE\" > file; while :; do sleep 0.05; done"));
        await node.ApplyAsync(Led(3));
        await node.WaitRunningAsync();
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(Data("file")) && File.ReadAllText(Data("file")).Length > 1), () => "the name of the file");
        var file = File.ReadAllText(Data("file")).Trim();
        Assert.True(Remaining(file) is > 0 and <= 20_000, $"{Remaining(file)}");
        await ExtendAsync(40);
        await TestNode.UntilAsync(() => Task.FromResult(Remaining(file) > 20_000), () => "the extension");
    }

    [Fact]
    public async Task How_long_killing_took_is_measured()
    {
        await ExtendAsync(60);
        await node.ApplyAsync(Led(3));
        await node.WaitRunningAsync();
        await node.Client.FenceAsync(Lease, "so", default);
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "fenced");
        Assert.True((await node.Client.LeasesAsync(default)).Value.LongestKill > TimeSpan.Zero);
    }

    private static long Remaining(string file) => File.ReadAllText(file).Split(' ') is [_, _, var hard]
        ? long.Parse(hard, CultureInfo.InvariantCulture) - (long)BootClock.SinceBoot.TotalMilliseconds
        : throw new InvalidDataException(File.ReadAllText(file));

    private static TimeSpan Soon(double seconds) => BootClock.SinceBoot + TimeSpan.FromSeconds(seconds);

    private Task ExtendAsync(double seconds, long lease = Lease) => node.ExtendAsync(lease, seconds);

    private DesiredInstance Led(long epoch, long lease = Lease, string script = "run", ServiceSpec? spec = null) => TestNode.Led(node.Wanted(spec ?? node.Spec(), script), epoch, lease);

    private HookSpec Hook(string script) => new() { Command = [node.FilePath(script)], Timeout = TimeSpan.FromSeconds(5) };

    private string Data(string name) => Path.Combine(node.DataFolder("svc-0"), name);

    private async Task<int> GrandchildAsync()
    {
        await TestNode.UntilAsync(() => Task.FromResult(File.Exists(Data("grandchild")) && File.ReadAllText(Data("grandchild")).EndsWith('\n')), () => "the grandchild");
        return int.Parse(File.ReadAllText(Data("grandchild")), CultureInfo.InvariantCulture);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", [signal, node.SupervisorPid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}

/// <summary>What kills when the loop cannot.</summary>
public sealed class DeadlineWatchTests
{
    [Fact]
    public async Task Law04_a_deadline_is_kept_although_the_loop_does_nothing()
    {
        var container = new KilledContainer();
        using var watch = new DeadlineWatch(BootClock.Instance, () => { });
        watch.Set(7, BootClock.SinceBoot + TimeSpan.FromMilliseconds(300));
        watch.Add("svc-0", 7, container);
        await container.Killed.WaitAsync(TestNode.Patience, TimeProvider.System);
        Assert.InRange(container.At, container.Added + TimeSpan.FromMilliseconds(290), container.Added + TestNode.Patience);
    }

    [Fact]
    public async Task What_was_removed_or_extended_is_left_alone()
    {
        var (removed, extended, control) = (new KilledContainer(), new KilledContainer(), new KilledContainer());
        using var watch = new DeadlineWatch(BootClock.Instance, () => { });
        foreach (var lease in (long[])[1, 2, 3]) watch.Set(lease, BootClock.SinceBoot + TimeSpan.FromMilliseconds(300));
        watch.Add("a-0", 1, removed);
        watch.Add("b-0", 2, extended);
        watch.Add("c-0", 3, control);
        watch.Remove("a-0");
        watch.Set(2, BootClock.SinceBoot + TimeSpan.FromHours(1));
        await control.Killed.WaitAsync(TestNode.Patience, TimeProvider.System);
        Assert.False(removed.Killed.IsCompleted || extended.Killed.IsCompleted);
    }

    private sealed class KilledContainer : IContainer
    {
        private readonly TaskCompletionSource killed = new();

        public Task Killed => killed.Task;

        public TimeSpan Added { get; } = BootClock.SinceBoot;

        public TimeSpan At { get; private set; }

        public string Name => "fake";

        public string Id => "fake";

        public ContainmentStatus Status => new();

        public bool IsEmpty => killed.Task.IsCompleted;

        public IReadOnlyList<int> Members() => [];

        public void Kill() => throw new NotSupportedException("only the host's thread may");

        public void KillFromAnywhere()
        {
            if (At == default) At = BootClock.SinceBoot;
            killed.TrySetResult();
        }

        public Holdfast.Core.Problems.Outcome<bool> Suspend() => true;

        public Holdfast.Core.Problems.Outcome<Holdfast.Core.Problems.Done> LetRun() => Holdfast.Core.Problems.Outcome.Done;

        public void Limit(LimitsSpec limits)
        {
        }

        public Holdfast.Core.Supervision.Handovers.ContainerHandover HandOver() => throw new NotSupportedException();

        public Holdfast.Core.Problems.Outcome<Holdfast.Core.Problems.Done> Remove() => Holdfast.Core.Problems.Outcome.Done;
    }
}
