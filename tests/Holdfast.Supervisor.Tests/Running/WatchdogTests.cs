using System.Collections.Concurrent;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Leases;
using Holdfast.Platform;
using Holdfast.Supervisor.Fencing;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>The watchdog that resets the machine where the supervisor cannot kill, as the supervisor's own thread keeps it.</summary>
public sealed class WatchdogTests : IDisposable
{
    private const long Lease = 7;

    private static readonly LeaseTerms Short = Of(2), Usual = Of(5), Long = Of(60);

    private readonly FakeWatchdog device = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hf-watchdog");
    private readonly ConcurrentQueue<string> said = [];

    private string Mark => Path.Combine(folder.FullName, "watchdog");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_is_tried_when_a_lease_is_told_of_and_armed_only_for_what_acts()
    {
        using var watch = Watch();
        Extend(watch);
        Assert.Equal(new WatchdogReport("/dev/watchdog", 42, Armed: false, null), watch.Watchdog);
        Assert.Equal((1, false, false), (device.Openings, device.Runs, File.Exists(Mark)));

        Assert.Null(watch.WhyNotAct("svc-0", Lease));
        Assert.True(device.Runs);
        Assert.True(watch.Watchdog!.Armed);
        Assert.Contains("/dev/watchdog", File.ReadAllText(Mark), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law04_it_runs_on_while_extensions_come_and_is_petted_no_more_when_they_end()
    {
        using var watch = Watch();
        Extend(watch, Usual);
        Assert.Null(watch.WhyNotAct("svc-0", Lease));
        var sentAt = TimeSpan.Zero;
        for (var i = 0; i < 5; i++)
        {
            sentAt = Extend(watch, Usual);
            await Task.Delay(Usual.RenewEvery, TimeProvider.System);
        }

        Assert.False(device.HasReset);
        Assert.True(device.Pets > 2);
        await TestNode.UntilAsync(() => Task.FromResult(device.HasReset), () => "the reset");
        Assert.True(device.ResetsAt < sentAt + (Usual.Length * 0.99));
    }

    /// <summary>patroni#3639: the watchdog was let go while processes of the leader still ran.</summary>
    [Fact]
    public async Task Law04_it_is_disarmed_only_when_it_is_proven_that_nothing_acts()
    {
        using var watch = Watch();
        Extend(watch);
        foreach (var instance in (string[])["a-0", "b-0"])
        {
            Assert.Null(watch.WhyNotAct(instance, Lease));
            watch.Add(instance, Lease, new StubbornContainer());
        }

        watch.Set(Lease, TimeSpan.Zero);
        watch.Remove("a-0");
        watch.Empty("b-0");
        Extend(watch);
        Assert.True(device.Runs);
        watch.Remove("b-0");
        // The mark goes after the device: whoever is killed in between leaves one too many, and never one too few.
        await TestNode.UntilAsync(() => Task.FromResult(!device.Runs && !File.Exists(Mark)), () => "it is disarmed, and the mark is gone");
        Assert.False(device.HasReset);
    }

    [Fact]
    public async Task Law04_a_kill_that_does_not_end_lets_the_machine_be_reset_although_another_lease_goes_on()
    {
        using var watch = Watch();
        var sentAt = Extend(watch, Short);
        Assert.Null(watch.WhyNotAct("svc-0", Lease));
        var stuck = new StubbornContainer();
        watch.Add("svc-0", Lease, stuck);
        watch.Set(Lease, BootClock.SinceBoot);
        await TestNode.UntilAsync(
            () =>
            {
                Extend(watch, Short, Lease + 1);
                return Task.FromResult(device.HasReset);
            },
            () => "the reset");
        Assert.True(stuck.Kills > 0);
        Assert.True(device.ResetsAt < sentAt + (Short.Length * 0.99));
    }

    [Fact]
    public void What_cannot_be_armed_lets_nothing_begin_and_says_why()
    {
        device.Busy = new(ProblemKind.Conflict, "watchdog.busy", "/dev/watchdog is held by another process.");
        using var watch = Watch();
        Extend(watch);
        Assert.Contains("held by another", watch.Watchdog!.Why, StringComparison.Ordinal);
        Assert.Contains("held by another", watch.WhyNotAct("svc-0", Lease), StringComparison.Ordinal);
        Assert.Contains(said, line => line.Contains("nothing that leads is started", StringComparison.Ordinal));
        Assert.False(device.Runs);
    }

    [Fact]
    public void A_driver_that_rounds_up_is_disarmed_again_and_not_used()
    {
        device.Grant = wanted => wanted + TimeSpan.FromSeconds(1);
        using var watch = Watch();
        Extend(watch, Short);
        Assert.Contains("takes a lease of 3 s", watch.Watchdog!.Why, StringComparison.Ordinal);
        Assert.False(device.Runs);
        Assert.NotNull(watch.WhyNotAct("svc-0", Lease));
        Assert.False(device.Runs);
    }

    [Fact]
    public void One_that_is_not_wanted_any_more_is_disarmed()
    {
        using var watch = Watch();
        Extend(watch);
        Assert.Null(watch.WhyNotAct("svc-0", Lease));
        watch.Order(Lease, null);
        Assert.False(device.Runs);
        Assert.Null(watch.Watchdog);
        Assert.Null(watch.WhyNotAct("svc-0", Lease));
    }

    [Fact]
    public void A_supervisor_that_ends_in_order_leaves_it_disarmed_and_one_that_does_not_leaves_it_running()
    {
        using (var watch = Watch()) Extend(watch);
        Assert.False(device.Runs);
        using (var watch = Watch())
        {
            Extend(watch);
            Assert.Null(watch.WhyNotAct("svc-0", Lease));
        }

        // Something still acted.
        Assert.True(device.Runs);
        WatchdogMark.Settle(Mark, "this boot", device.Open, said.Enqueue);
        Assert.False(device.Runs);
        Assert.False(File.Exists(Mark));
        Assert.Contains(said, line => line.Contains("was left armed by an earlier supervisor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Law04_the_next_image_of_a_supervisor_goes_on_petting_what_the_one_before_has_armed()
    {
        // For the device's descriptor a file: what is written into it is what the device would be told.
        var told = Path.Combine(folder.FullName, "told");
        using var left = File.OpenHandle(told, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        var descriptor = (int)left.DangerousGetHandle();
        left.SetHandleAsInvalid();
        using var watch = Watch();
        // As it is after an upgrade: first what runs, then the watchdog.
        watch.Add("svc-0", Lease, new StubbornContainer());
        var now = BootClock.SinceBoot;
        watch.TakeOver(new(descriptor, "/dev/watchdog", 42, now + TimeSpan.FromSeconds(20)) { ResetsAt = new Dictionary<long, TimeSpan> { [Lease] = now + Long.Watchdog } });
        Assert.True(watch.Watchdog!.Armed);
        await TestNode.UntilAsync(() => Task.FromResult(Read(told) is { Length: > 0 } pets && pets.Trim('.').Length == 0), () => "a pet");
        Assert.Equal(0, device.Openings);
        watch.Remove("svc-0");
        await TestNode.UntilAsync(() => Task.FromResult(Read(told).TrimStart('.') == "V"), () => "its disarming");
    }

    [Fact]
    public void What_a_boot_before_has_left_is_no_more()
    {
        WatchdogMark.Write(Mark, "another boot", "/dev/watchdog", 42);
        WatchdogMark.Settle(Mark, "this boot", device.Open, said.Enqueue);
        Assert.Equal((0, false), (device.Openings, File.Exists(Mark)));
    }

    [Fact]
    public async Task Law04_a_real_supervisor_starts_nothing_that_leads_without_the_watchdog_that_is_wanted()
    {
        await using var node = new TestNode();
        node.Admit(("run", "while :; do sleep 0.05; done"));
        await node.StartAsync();
        var now = BootClock.SinceBoot;
        Assert.True((await node.Client.ExtendAsync(Lease, now + TimeSpan.FromSeconds(50), now + TimeSpan.FromSeconds(70), new("/dev/null", 70, now + TimeSpan.FromSeconds(85)), default)).IsOk);
        var wanted = node.Wanted(node.Spec());
        await node.ApplyAsync(wanted with { Plan = wanted.Plan with { Epoch = 3, Lease = Lease } });
        await node.WaitAsync(s => s.State == InstanceState.Waiting && s.Reason.Contains("/dev/null is no watchdog", StringComparison.Ordinal), "waiting for its watchdog");
        Assert.Contains("/dev/null is no watchdog", (await node.Client.LeasesAsync(default)).Value.Watchdog!.Why, StringComparison.Ordinal);

        // Taken out of the node's settings, it is as if there had been none.
        Assert.True((await node.Client.ExtendAsync(Lease, now + TimeSpan.FromSeconds(60), now + TimeSpan.FromSeconds(80), null, default)).IsOk);
        await node.WaitRunningAsync();
        Assert.Null((await node.Client.LeasesAsync(default)).Value.Watchdog);
    }

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private DeadlineWatch Watch() =>
        new(BootClock.Instance, () => { }, new MachineWatchdog(device.Open, Mark, "this boot", () => BootClock.SinceBoot, line => said.Enqueue(line)));

    /// <summary>A renewal that was sent now is answered at once.</summary>
    private static TimeSpan Extend(DeadlineWatch watch, LeaseTerms? under = null, long lease = Lease)
    {
        var (now, terms) = (BootClock.SinceBoot, under ?? Long);
        watch.Order(lease, new("/dev/watchdog", (int)terms.WatchdogTimeout.TotalSeconds, now + terms.Watchdog));
        return now;
    }

    private static LeaseTerms Of(int seconds) => LeaseTerms.Of(TimeSpan.FromSeconds(seconds), TimeSpan.Zero).Value;

    /// <summary>Something in it cannot be killed, as a process that waits for a disk.</summary>
    private sealed class StubbornContainer : IContainer
    {
        public int Kills { get; private set; }

        public string Name => "fake";

        public string Id => "fake";

        public ContainmentStatus Status => new();

        public bool IsEmpty => false;

        public IReadOnlyList<int> Members() => [];

        public void Kill() => throw new NotSupportedException("only the host's thread may");

        public void KillFromAnywhere() => Kills++;

        public Outcome<bool> Suspend() => true;

        public Outcome<Done> LetRun() => Outcome.Done;

        public void Limit(Holdfast.Core.Services.LimitsSpec limits)
        {
        }

        public Holdfast.Core.Supervision.Handovers.ContainerHandover HandOver() => throw new NotSupportedException();

        public Outcome<Done> Remove() => Outcome.Done;
    }
}
