using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.NativeServices;

namespace Holdfast.Core.Tests.NativeServices;

/// <summary>What no sequence of controls and facts can bring about. The model of the SCM checks the wire in all of them.</summary>
public sealed class NativeServiceProperties
{
    private static readonly Config Lives = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void No_life_breaks_a_rule_of_the_wire() => ForAll(seed =>
    {
        new NativeLife(seed).Live(120, polite: true);
        new NativeLife(seed).Live(120, polite: false);
    });

    [Fact]
    public void The_handler_answers_at_once_and_interrogate_changes_nothing() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        life.Live(seed % 60, polite: false);
        foreach (var control in Enum.GetValues<NativeControl>().Append((NativeControl)200))
        {
            var before = life.State;
            var step = NativeServiceMachine.Step(before, new NativeInput.Controlled(control), new(life.Clock, DateTimeOffset.UnixEpoch));
            Assert.Contains(step.Answer, new[] { WindowsError.None, WindowsError.CallNotImplemented, WindowsError.CannotAcceptControl, WindowsError.NotActive });
            Assert.NotEqual(NativeState.Stopped, step.Report?.State);
            if (control is NativeControl.Interrogate) Assert.Equal(WindowsError.None, step.Answer);
            if (step.Answer != WindowsError.None || control is NativeControl.Interrogate or NativeControl.PowerEvent or NativeControl.SessionChange or NativeControl.TimeChange)
                Assert.Equal((before, null, 0), (step.State, step.Report, step.Effects.Count));
        }
    });

    [Fact]
    public void A_checkpoint_is_a_step_that_was_made() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        for (var i = 0; i < 80; i++)
        {
            var (before, fed) = (life.Scm.Seen, life.Fed.Count);
            life.Live(1, polite: false);
            if (life.Fed.Count == fed || life.Scm.Seen == before || life.Scm.Seen.State != before.State) continue;
            Assert.True(life.Fed[^1] is NativeInput.Progressed or NativeInput.Ended or NativeInput.HostFailed, $"a checkpoint after {life.Fed[^1]}");
        }
    });

    [Fact]
    public void A_wait_hint_promises_what_the_spec_grants_and_not_less() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        for (var i = 0; i < 80; i++)
        {
            var (reports, fed) = (life.Scm.Reports.Count, life.Fed.Count);
            life.Live(1, polite: false);
            if (life.Fed.Count == fed || life.Scm.Reports.Count == reports || life.Fed[^1] is not NativeInput.Progressed progressed) continue;
            var limit = progressed.Within > TimeSpan.Zero ? progressed.Within : TimeSpan.Zero;
            Assert.Equal(limit + NativeServiceLimits.ReportWithin, life.Scm.Seen.WaitHint);
        }
    });

    [Fact]
    public void Running_is_ready() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        for (var i = 0; i < 80; i++)
        {
            life.Live(1, polite: false);
            if (life.Scm.Reports.Exists(report => report.State is NativeState.Running))
                Assert.Contains(life.Fed, input => input is NativeInput.BecameReady);
        }
    });

    [Fact]
    public void A_stop_at_any_moment_ends_in_one_stopped_with_0() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        life.Live(seed % 60, polite: true, hostFails: false);
        if (life.State.Phase is NativePhase.Stopping or NativePhase.Closing or NativePhase.Over) return;
        Assert.Equal(WindowsError.None, life.Control(NativeControl.Stop));
        Assert.Contains(life.Effects, effect => effect is NativeEffect.StopInstance);
        life.Cooperate();
        Assert.Single(life.Scm.Reports, report => report.State == NativeState.Stopped);
        Assert.Equal(NativeExit.Success, life.Scm.Seen.Exit);
    });

    [Fact]
    public void A_failure_is_never_told_as_success() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        life.Live(seed % 60, polite: true, hostFails: false);
        if (life.State.Phase is NativePhase.Stopping or NativePhase.Closing or NativePhase.Over) return;
        life.Feed(new NativeInput.Ended(new NativeEnd.Failed(seed % 3 == 0 ? null : new(seed % 7, null, false, DateTimeOffset.UnixEpoch)), "given up"));
        life.Feed(new NativeInput.HostClosed());
        Assert.Equal(NativeState.Stopped, life.Scm.Seen.State);
        Assert.NotEqual(WindowsError.None, life.Scm.Seen.Exit.Win32);
    });

    [Fact]
    public void What_cannot_pause_is_never_asked_to() => ForAll(seed =>
    {
        var life = new NativeLife(seed, new NativeServicePlan { StopWithin = TimeSpan.FromSeconds(20) });
        life.Live(120, polite: false);
        Assert.DoesNotContain(life.Scm.Reports, report => report.Accepted.HasFlag(AcceptedControls.PauseContinue) || report.State is NativeState.Paused or NativeState.PausePending);
        Assert.DoesNotContain(life.Effects, effect => effect is NativeEffect.PauseInstance or NativeEffect.ContinueInstance);
    });

    [Fact]
    public void A_crash_of_the_host_is_no_stopped_and_a_fault_while_stopping_is_one() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        life.Live(seed % 60, polite: true, hostFails: false);
        if (life.State.Phase is NativePhase.Over) return;
        var ending = life.State.Phase is NativePhase.Stopping or NativePhase.Closing;
        life.Feed(new NativeInput.HostFailed("a bug"));
        if (life.State.Phase is NativePhase.Closing) life.Feed(new NativeInput.TimePassed(), 60);
        Assert.IsType<NativePhase.Over>(life.State.Phase);
        Assert.Equal(ending, life.Scm.HasEnded);
        Assert.Equal(!ending, life.Effects.Exists(effect => effect is NativeEffect.Abandon));
    });

    [Fact]
    public void What_does_not_stop_in_time_is_killed_once_and_stopped_waits_for_the_proof() => ForAll(seed =>
    {
        var life = new NativeLife(seed);
        life.Live(seed % 60, polite: true, hostFails: false);
        if (life.State.Phase is NativePhase.Stopping or NativePhase.Closing or NativePhase.Over) return;
        life.Control(NativeControl.Shutdown);
        var (told, due) = (life.Scm.Reports.Count, life.State.NextDue!.Value);
        life.Feed(new NativeInput.TimePassed(), (due - life.Clock).TotalSeconds);
        life.Feed(new NativeInput.TimePassed(), 3600);
        Assert.Single(life.Effects, effect => effect is NativeEffect.KillInstance);
        Assert.Equal((told, NativeState.StopPending), (life.Scm.Reports.Count, life.Scm.Seen.State));
    });

    private static void ForAll(Action<int> life) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), life).Check(Lives);
}
