using Holdfast.Core.NativeServices;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.NativeServices;

/// <summary>What users of other Windows wrappers complain about; docs/complaints.md has the list.</summary>
public sealed class NativeServiceComplaintTests
{
    private static readonly NativeServicePlan Plan = new()
    {
        StopWithin = TimeSpan.FromSeconds(50),
        PreshutdownWithin = TimeSpan.FromSeconds(60),
        Pause = PauseWay.Hooks,
        CanReload = true,
    };

    [Fact]
    public void Dotnet_ServiceBase_a_stop_that_comes_while_the_service_starts_is_not_lost()
    {
        var life = Starting();
        Assert.True(life.Scm.Delivers(NativeControl.Stop));
        Assert.False(life.Scm.Delivers(NativeControl.Pause));
        Assert.Equal(WindowsError.None, life.Control(NativeControl.Stop));
        Assert.Contains(life.Effects, effect => effect is NativeEffect.StopInstance);
        life.Feed(new NativeInput.BecameReady());
        life.Feed(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped"));
        life.Feed(new NativeInput.HostClosed());
        Assert.DoesNotContain(life.Scm.Reports, report => report.State == NativeState.Running);
        Assert.Equal((NativeState.Stopped, NativeExit.Success), (life.Scm.Seen.State, life.Scm.Seen.Exit));
    }

    [Fact]
    public void Dotnet_ServiceBase_a_shutdown_has_checkpoints_of_its_own()
    {
        var life = Running();
        life.Control(NativeControl.Preshutdown);
        life.Feed(new NativeInput.Progressed("the preStop hook runs", TimeSpan.FromSeconds(30)));
        life.Feed(new NativeInput.Progressed("the stop signal was sent", TimeSpan.FromSeconds(15)));
        Assert.Equal((NativeState.StopPending, 3, TimeSpan.FromSeconds(17)), (life.Scm.Seen.State, life.Scm.Seen.Checkpoint, life.Scm.Seen.WaitHint));
    }

    /// <summary>An agent hands over before the machine goes down, and only then (law 3).</summary>
    [Theory]
    [InlineData(NativeControl.Stop, false)]
    [InlineData(NativeControl.Preshutdown, true)]
    [InlineData(NativeControl.Shutdown, true)]
    public void That_the_machine_goes_down_is_told_from_a_stop_of_the_service_alone(NativeControl control, bool goesDown)
    {
        var life = Running();
        life.Control(control);
        Assert.Equal(goesDown, Assert.Single(life.Effects.OfType<NativeEffect.StopInstance>()).MachineGoesDown);
    }

    [Fact]
    public void Dotnet72590_running_is_not_told_before_the_service_is_ready()
    {
        var life = Starting();
        life.Feed(new NativeInput.Progressed("the process was started", TimeSpan.FromSeconds(60)));
        Assert.Equal(NativeState.StartPending, life.Scm.Seen.State);
        life.Feed(new NativeInput.BecameReady());
        Assert.Equal(NativeState.Running, life.Scm.Seen.State);
    }

    [Fact]
    public void Dotnet77381_and_63400_and_67146_a_service_that_fails_is_not_told_as_0()
    {
        Assert.Equal(new NativeExit(WindowsError.ServiceSpecific, 3), Failed(Running(), 3));
        Assert.Equal(NativeExit.Unexpected, Failed(Running(), 0));
        Assert.Equal(NativeExit.Unexpected, Failed(Running(), null));
        Assert.Equal(new NativeExit(WindowsError.ServiceSpecific, 0xC0000005), Failed(Running(), unchecked((int)0xC0000005)));
    }

    [Fact]
    public void Servy1337_a_failed_start_is_no_graceful_stop() => Assert.NotEqual(WindowsError.None, Failed(Starting(), 0).Win32);

    [Fact]
    public void Dotnet83892_stopped_is_told_once_and_is_the_last_word()
    {
        var life = Running();
        life.Control(NativeControl.Stop);
        life.Feed(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped"));
        Assert.Equal(NativeState.StopPending, life.Scm.Seen.State);
        life.Feed(new NativeInput.HostClosed());
        life.Feed(new NativeInput.HostClosed());
        life.Feed(new NativeInput.Ended(new NativeEnd.Failed(null), "late"));
        life.Feed(new NativeInput.Progressed("late", TimeSpan.Zero));
        life.Feed(new NativeInput.TimePassed(), 3600);
        Assert.Equal(WindowsError.NotActive, life.Control(NativeControl.Stop));
        Assert.Single(life.Scm.Reports, report => report.State == NativeState.Stopped);
    }

    [Fact]
    public void Nssm10_stopping_cannot_hang_on_our_own_account()
    {
        var life = Running();
        life.Control(NativeControl.Stop);
        life.Feed(new NativeInput.TimePassed(), 50);
        Assert.Contains(life.Effects, effect => effect is NativeEffect.KillInstance);
        life.Feed(new NativeInput.Ended(new NativeEnd.Wanted(), "killed"));
        life.Feed(new NativeInput.TimePassed(), NativeServiceLimits.CloseWithin.TotalSeconds);
        Assert.Equal((NativeState.Stopped, NativeExit.Success), (life.Scm.Seen.State, life.Scm.Seen.Exit));
    }

    [Fact]
    public void Winsw850_a_fault_during_the_stop_ends_in_stopped_and_never_in_running()
    {
        var life = Running();
        life.Control(NativeControl.Stop);
        life.Feed(new NativeInput.HostFailed("an exception"));
        Assert.Contains(life.Effects, effect => effect is NativeEffect.KillInstance);
        life.Feed(new NativeInput.TimePassed(), 60);
        Assert.Equal((NativeState.Stopped, NativeExit.Unexpected), (life.Scm.Seen.State, life.Scm.Seen.Exit));
    }

    [Fact]
    public void Winsw320_and_627_a_stop_has_an_end_however_long_its_hook_takes()
    {
        var life = Running();
        life.Control(NativeControl.Stop);
        life.Feed(new NativeInput.Progressed("the preStop hook runs", TimeSpan.FromHours(1)));
        Assert.Equal(life.Clock + Plan.StopWithin, life.State.NextDue);
        life.Feed(new NativeInput.TimePassed(), 50);
        Assert.Contains(life.Effects, effect => effect is NativeEffect.KillInstance);
    }

    [Fact]
    public void Winsw174_stopped_is_not_told_before_nothing_of_it_runs()
    {
        var life = Running();
        life.Control(NativeControl.Stop);
        life.Feed(new NativeInput.HostClosed());
        life.Feed(new NativeInput.TimePassed(), 3600);
        Assert.Equal(NativeState.StopPending, life.Scm.Seen.State);
    }

    [Fact]
    public void Winsw969_a_service_whose_process_is_given_up_is_not_running()
    {
        var life = Running();
        life.Feed(new NativeInput.Progressed("restart 3 of 3", TimeSpan.FromSeconds(5)));
        Assert.Equal(NativeState.Running, life.Scm.Seen.State);
        Assert.NotEqual(WindowsError.None, Failed(life, 1).Win32);
        Assert.True(life.Scm.HasEnded);
    }

    [Fact]
    public void Winsw1085_and_614_preshutdown_is_accepted_and_its_time_is_kept()
    {
        var life = Running();
        Assert.True(life.Scm.Delivers(NativeControl.Preshutdown));
        Assert.False(life.Scm.Delivers(NativeControl.Shutdown));
        life.Control(NativeControl.Preshutdown);
        Assert.Equal(life.Clock + Plan.StopWithin, life.State.NextDue);

        var tight = Running(Plan with { PreshutdownWithin = TimeSpan.FromSeconds(20) });
        tight.Control(NativeControl.Preshutdown);
        Assert.Equal(tight.Clock + TimeSpan.FromSeconds(19), tight.State.NextDue);

        var without = Running(Plan with { PreshutdownWithin = null });
        Assert.True(without.Scm.Delivers(NativeControl.Shutdown));
        without.Control(NativeControl.Shutdown);
        Assert.Equal(without.Clock + TimeSpan.FromSeconds(4), without.State.NextDue);
    }

    [Fact]
    public void Nzbhydra2_959_what_has_failed_is_not_shown_as_paused()
    {
        var life = Running();
        Failed(life, 1);
        Assert.DoesNotContain(life.Scm.Reports, report => report.State is NativeState.Paused or NativeState.PausePending);
    }

    [Fact]
    public void Consul282_a_stop_is_taken_in_every_state_but_that_of_a_stop()
    {
        var life = Running();
        life.Control(NativeControl.Pause);
        Assert.True(life.Scm.Delivers(NativeControl.Stop));
        Assert.Equal(WindowsError.None, life.Control(NativeControl.Stop));
        Assert.Equal(NativeState.StopPending, life.Scm.Seen.State);
    }

    [Fact]
    public void Kardianos292_a_service_that_stops_itself_gets_to_stopped()
    {
        var life = Running();
        life.Feed(new NativeInput.StopBegan("wanted stopped"));
        life.Feed(new NativeInput.Progressed("the stop signal was sent", TimeSpan.FromSeconds(15)));
        life.Feed(new NativeInput.Ended(new NativeEnd.Wanted(), "wanted stopped"));
        life.Feed(new NativeInput.HostClosed());
        Assert.Equal((NativeState.Stopped, NativeExit.Success), (life.Scm.Seen.State, life.Scm.Seen.Exit));
    }

    [Fact]
    public void Winsw699_a_wanted_stop_is_0_whatever_the_process_ends_with()
    {
        var life = Running();
        life.Control(NativeControl.Stop);
        Assert.Equal(NativeExit.Success, Failed(life, 143));
    }

    [Fact]
    public void Golang_svc_the_handler_waits_for_nobody()
    {
        // Nobody carries anything out, and every control is answered all the same.
        var life = Running();
        Assert.Equal(WindowsError.None, life.Control(NativeControl.Pause));
        Assert.Equal(WindowsError.CannotAcceptControl, life.Control(NativeControl.ParamChange));
        Assert.Equal(WindowsError.None, life.Control(NativeControl.Stop));
        Assert.Equal(WindowsError.CannotAcceptControl, life.Control(NativeControl.Stop));
        Assert.Equal(WindowsError.None, life.Control(NativeControl.Interrogate));
    }

    [Fact]
    public void A_pause_that_fails_is_taken_back_and_told_as_running()
    {
        var life = Running();
        life.Control(NativeControl.Pause);
        life.Feed(new NativeInput.PauseFailed("exit code 1"));
        Assert.Equal(NativeState.Running, life.Scm.Seen.State);
        Assert.IsType<NativeEffect.ContinueInstance>(life.Effects[^1]);
    }

    [Fact]
    public void What_is_suspended_is_woken_before_it_is_told_to_stop()
    {
        var life = Running(Plan with { Pause = PauseWay.Suspend });
        life.Control(NativeControl.Pause);
        life.Feed(new NativeInput.PauseDone());
        life.Control(NativeControl.Stop);
        Assert.Equal(["PauseInstance", "ContinueInstance", "StopInstance"], life.Effects.Select(effect => effect.GetType().Name));
    }

    [Fact]
    public void A_changed_parameter_is_a_reload()
    {
        var life = Running();
        Assert.Equal(WindowsError.None, life.Control(NativeControl.ParamChange));
        Assert.IsType<NativeEffect.ReloadInstance>(Assert.Single(life.Effects));
        Assert.Equal(WindowsError.CallNotImplemented, Running(Plan with { CanReload = false }).Control(NativeControl.ParamChange));
    }

    private static NativeLife Starting(NativeServicePlan? plan = null)
    {
        var life = new NativeLife(0, plan ?? Plan);
        Assert.Equal(AcceptedControls.None, life.Scm.Seen.Accepted);
        life.Feed(new NativeInput.Progressed("the preStart hook runs", TimeSpan.FromSeconds(30)));
        return life;
    }

    private static NativeLife Running(NativeServicePlan? plan = null)
    {
        var life = Starting(plan);
        life.Feed(new NativeInput.BecameReady());
        return life;
    }

    private static NativeExit Failed(NativeLife life, int? code)
    {
        life.Feed(new NativeInput.Ended(new NativeEnd.Failed(code is null ? null : new ExitInfo(code, null, false, DateTimeOffset.UnixEpoch)), "given up"));
        life.Feed(new NativeInput.HostClosed());
        return life.Scm.Seen.Exit;
    }
}
