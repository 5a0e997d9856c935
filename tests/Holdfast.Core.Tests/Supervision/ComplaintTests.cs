using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

/// <summary>What users of other supervisors complain about in decisions; docs/complaints.md has the list.</summary>
public sealed class ComplaintTests
{
    private static readonly RestartCause.Exit Crash = new(new ExitInfo(1, null, false, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Systemd43813_back_off_begins_anew_after_health()
    {
        var spec = new RestartSpec();
        var ledger = RestartLedger.Empty;
        foreach (var second in (int[])[0, 1, 2]) ledger = Restart(ledger, spec, second).Ledger;

        ledger = RestartGovernance.Healthy(ledger, TimeSpan.FromSeconds(10));
        ledger = RestartGovernance.Unhealthy(ledger, spec, TimeSpan.FromSeconds(10) + spec.ResetAfter);

        var next = Restart(ledger, spec, 10 + spec.ResetAfter.TotalSeconds);
        Assert.Equal(spec.Delays[0], next.Delay);
        Assert.Single(next.Ledger.Attempts);
    }

    [Fact]
    public void Systemd6129_back_off_grows_to_its_last_delay_and_stays_there()
    {
        var spec = new RestartSpec { Attempts = 100, Window = TimeSpan.FromDays(1), Delays = [.. ((double[])[0, 1, 2, 4, 8]).Select(TimeSpan.FromSeconds)] };
        var (ledger, delays) = (RestartLedger.Empty, new List<double>());
        for (var i = 0; i < 8; i++)
        {
            var restart = Restart(ledger, spec, i * 100);
            delays.Add(restart.Delay.TotalSeconds);
            ledger = restart.Ledger;
        }

        Assert.Equal([0, 1, 2, 4, 8, 8, 8, 8], delays);
    }

    [Fact]
    public void Servy5584_what_crashes_now_and_then_for_months_is_never_given_up()
    {
        var spec = new RestartSpec();
        var (ledger, now) = (RestartLedger.Empty, 0.0);
        for (var i = 0; i < 1000; i++)
        {
            ledger = RestartGovernance.Healthy(Restart(ledger, spec, now).Ledger, TimeSpan.FromSeconds(now));
            now += spec.ResetAfter.TotalSeconds + 1;
            ledger = RestartGovernance.Unhealthy(ledger, spec, TimeSpan.FromSeconds(now));
        }

        Assert.Equal(1000, ledger.ByReason["exit"]);
    }

    [Fact]
    public void Systemd10529_no_start_limit_refuses_an_operators_restart()
    {
        var instance = Instance.New(Plans.Wanted(Plans.Spec), At(0));
        for (var (incarnation, second) = (1, 0.0); incarnation < 30; incarnation++)
        {
            // All within the window of the first.
            var step = InstanceMachine.Step(instance, new Input.Applied(Plans.Wanted(Plans.Spec, incarnation: incarnation)), At(second));
            Assert.Contains(step.Effects, effect => effect is Effect.StartProcess);
            for (instance = step.State; instance.Phase is not Phase.Failed; second += 6)
                instance = End(InstanceMachine.Step(instance, new Input.TimePassed(), At(second)).State, second);
        }
    }

    [Fact]
    public void Winsw705_the_last_failure_does_nothing_but_say_so()
    {
        var instance = Instance.New(Plans.Wanted(Plans.Spec), At(0));
        var last = InstanceMachine.Step(instance, new Input.Applied(Plans.Wanted(Plans.Spec)), At(0));
        for (var second = 1; last.State.Phase is not Phase.Failed; second += 10)
        {
            instance = InstanceMachine.Step(last.State, new Input.TimePassed(), At(second)).State;
            instance = InstanceMachine.Step(instance, new Input.Started(instance.Run, 100, 1), At(second)).State;
            instance = InstanceMachine.Step(instance, new Input.Exited(instance.Run, Crash.Info), At(second + 1)).State;
            last = InstanceMachine.Step(instance, new Input.ContainerEmpty(instance.Run), At(second + 1));
            Assert.True(second < 1000);
        }

        Assert.All(last.Effects, effect => Assert.True(effect is Effect.Save or Effect.WriteEvent { Kind: EventKind.Failed }, effect.ToString()));
        Assert.Contains(last.Effects, effect => effect is Effect.WriteEvent { Reason: { } reason } && reason.Contains("given up after 3 restarts", StringComparison.Ordinal));
    }

    private static RestartDecision.Restart Restart(RestartLedger ledger, RestartSpec spec, double second) =>
        Assert.IsType<RestartDecision.Restart>(RestartGovernance.Decide(ledger, spec, Crash, At(second)));

    /// <summary>Its process starts, where it is starting, and ends in error.</summary>
    private static Instance End(Instance instance, double second)
    {
        instance = InstanceMachine.Step(instance, new Input.Started(instance.Run, 100, 1), At(second)).State;
        instance = InstanceMachine.Step(instance, new Input.Exited(instance.Run, new ExitInfo(78, null, false, DateTimeOffset.UnixEpoch)), At(second)).State;
        return InstanceMachine.Step(instance, new Input.ContainerEmpty(instance.Run), At(second)).State;
    }

    private static Moment At(double seconds) => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch.AddSeconds(seconds), 0.5);
}
