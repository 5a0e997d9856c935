using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Health;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;

namespace Holdfast.Core.Tests.Supervision.Handovers;

public class HandoverTests
{
    private static readonly Config Lives = Config.QuickThrowOnFailure.WithMaxTest(150);

    [Fact]
    public void Whatever_the_machine_is_in_the_middle_of_is_the_same_after_a_handover() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => new RandomLife(seed) { Between = Same }.Live(100)).Check(Lives);

    [Fact]
    public void A_life_with_a_handover_after_every_step_keeps_all_promises() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var life = new RandomLife(seed) { Between = Pass };
            life.Live(100);
            life.Cooperate(new Input.Removed());
            Assert.IsType<Phase.Gone>(life.State.Phase);
        }).Check(Lives);

    [Fact]
    public void A_probe_over_a_socket_is_asked_again_and_one_that_is_a_process_is_not()
    {
        var instance = Asked();
        var alone = InstanceHandover.Of(instance);
        var beside = alone with { Tree = new TreeHandover { Sides = [new("probe-liveness", 1, new(7, 7), TimeSpan.Zero, TimeSpan.FromSeconds(1), false, false, null)] } };

        Assert.Equal(TimeSpan.FromSeconds(9), alone.Restore(At(9)).Health.Liveness!.Due);
        Assert.False(alone.Restore(At(9)).Health.Liveness!.Asked);
        Assert.Null(beside.Restore(At(9)).Health.Liveness!.Due);
        Assert.True(beside.Restore(At(9)).Health.Liveness!.Asked);
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":4", "format 4")]
    [InlineData("\"bootId\":\"b\"", "\"bootId\":\"c\"", "another boot")]
    [InlineData("\"descriptor\":5", "\"descriptor\":3", "descriptor 3")]
    [InlineData("\"descriptor\":5", "\"descriptor\":2", "descriptor 2")]
    [InlineData("\"descriptor\":5", "\"descriptor\":6", "descriptor 6")]
    [InlineData("\"descriptor\":7", "\"descriptor\":6", "descriptor 6")]
    public void What_this_build_cannot_take_over_is_told(string from, string to, string why)
    {
        var text = JsonSerializer.Serialize(Whole(), HandoverJson.Default.SupervisorHandover);
        Assert.Null(Parse(text).WhyNot("b"));
        var changed = text.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        Assert.Contains(why, Parse(changed).WhyNot("b"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_the_version_before_knows_no_leases()
    {
        var text = JsonSerializer.Serialize(Whole(), HandoverJson.Default.SupervisorHandover);
        var before = text.Replace(",\"leases\":[]", "", StringComparison.Ordinal);
        Assert.NotEqual(text, before);
        Assert.Empty(Parse(before).Leases);
    }

    [Fact]
    public void Deadlines_go_along_and_only_to_a_build_that_keeps_them()
    {
        var led = Whole() with { Format = SupervisorHandover.WithLeases, Leases = [new(7, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))] };
        var taken = Parse(JsonSerializer.Serialize(led, HandoverJson.Default.SupervisorHandover));
        Assert.Null(taken.WhyNot("b"));
        Assert.Equal(led.Leases, taken.Leases);
        // The release before takes 1 and nothing newer.
        Assert.True(SupervisorHandover.WithLeases > SupervisorHandover.Oldest);
    }

    [Fact]
    public void An_armed_watchdog_goes_along_and_only_to_a_build_that_pets_it()
    {
        var armed = Whole() with
        {
            Format = SupervisorHandover.WithWatchdog,
            Watchdog = new(9, "/dev/watchdog", 2, TimeSpan.FromSeconds(3)) { ResetsAt = new Dictionary<long, TimeSpan> { [7] = TimeSpan.FromSeconds(4) } },
        };
        var text = JsonSerializer.Serialize(armed, HandoverJson.Default.SupervisorHandover);
        var taken = Parse(text);
        Assert.Null(taken.WhyNot("b"));
        Assert.Equal((armed.Watchdog with { ResetsAt = taken.Watchdog!.ResetsAt }, TimeSpan.FromSeconds(4)), (taken.Watchdog, taken.Watchdog.ResetsAt[7]));
        Assert.True(SupervisorHandover.WithWatchdog > SupervisorHandover.WithLeases);
        Assert.Contains("of the watchdog", (taken with { Watchdog = taken.Watchdog with { Descriptor = 2 } }).WhyNot("b"), StringComparison.Ordinal);
        Assert.Contains("of the watchdog", (taken with { Watchdog = taken.Watchdog with { Descriptor = taken.Lock } }).WhyNot("b"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_phase_that_this_build_does_not_know_makes_it_refuse()
    {
        var text = JsonSerializer.Serialize(Whole(), HandoverJson.Default.SupervisorHandover).Replace("\"phase\":\"running\"", "\"phase\":\"levitating\"", StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => Parse(text));
    }

    [Fact]
    public void Every_kind_of_side_run_has_a_word_of_its_own()
    {
        foreach (var hook in Enum.GetValues<HookKind>())
            Assert.Equal(hook, SideKind.HookOf(SideKind.Of(hook)));
        foreach (var probe in Enum.GetValues<ProbeName>())
            Assert.Equal(probe, SideKind.ProbeOf(SideKind.Of(probe)));
        Assert.Null(SideKind.HookOf("probe-startup"));
        Assert.Null(SideKind.ProbeOf("reload"));
    }

    [Fact]
    public void Nothing_of_an_instance_is_left_out()
    {
        // Halting is not: a supervisor that is ending hands nothing over. The others are made of the rest.
        string[] made = [nameof(Instance.Halting), nameof(Instance.MayHaveProcesses), nameof(Instance.NextDue)];
        var known = typeof(InstanceHandover).GetProperties().Select(property => property.Name).ToHashSet();
        Assert.Empty(typeof(Instance).GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance)
            .Select(property => property.Name).Where(name => !known.Contains(name)).Except(made));
    }

    private static SupervisorHandover Parse(string text) => JsonSerializer.Deserialize(text, HandoverJson.Default.SupervisorHandover)!;

    private static Instance Same(Instance before, Moment now)
    {
        var after = Through(InstanceHandover.Of(before)).Restore(now);
        // A question that is asked again is the one thing that a handover changes.
        var expected = Asks(before) ? InstanceHandover.Of(before).Restore(now) : before;
        Assert.Equal(Text(InstanceHandover.Of(expected)), Text(InstanceHandover.Of(after)));
        return before;
    }

    private static Instance Pass(Instance before, Moment now) => Through(InstanceHandover.Of(before)).Restore(now);

    private static bool Asks(Instance instance) => new[] { ProbeName.Startup, ProbeName.Liveness, ProbeName.Readiness }.Any(name => instance.Health[name]?.Asked == true);

    private static InstanceHandover Through(InstanceHandover one) =>
        Parse(JsonSerializer.Serialize(Whole() with { Instances = [one] }, HandoverJson.Default.SupervisorHandover)).Instances[0];

    private static string Text(InstanceHandover one) => JsonSerializer.Serialize(Whole() with { Instances = [one] }, HandoverJson.Default.SupervisorHandover);

    private static Moment At(int seconds) => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch);

    private static Instance Asked()
    {
        var spec = Plans.Spec with { Health = new HealthSpec { Liveness = new ProbeSpec { Tcp = new TcpProbe("http") } } };
        return Instance.New(Plans.Wanted(spec), At(1)) with
        {
            Phase = new Phase.Running(),
            Health = new HealthRecord { Liveness = new ProbeRecord { Asked = true } },
        };
    }

    private static SupervisorHandover Whole() => new()
    {
        Format = 1,
        Version = "1.0.0",
        BootId = "b",
        Nonce = "n",
        Containment = "cgroup",
        Lock = 3,
        Listener = 4,
        Instances =
        [
            InstanceHandover.Of(Asked()) with
            {
                Input = new InputHandover { Descriptor = 7, Rest = [1] },
                Output = new OutputHandover
                {
                    Streams = [new StreamHandover { Stream = "stdout", Descriptor = 5, Part = [0xC3, 1] }, new StreamHandover { Stream = "stderr", Descriptor = 6 }],
                },
            },
        ],
    };
}
