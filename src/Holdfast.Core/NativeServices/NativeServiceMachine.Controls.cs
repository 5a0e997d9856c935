namespace Holdfast.Core.NativeServices;

/// <summary>What the SCM says. Everything is answered at once; whatever takes time is an effect.</summary>
public static partial class NativeServiceMachine
{
    private static void TakeControl(NativeTurn turn, NativeControl control)
    {
        turn.Answer = control switch
        {
            NativeControl.Interrogate => WindowsError.None,
            _ when turn.Phase is NativePhase.Over => WindowsError.NotActive,
            NativeControl.Stop => Stop(turn, turn.Plan.StopWithin, "the SCM says STOP"),
            NativeControl.Shutdown => Stop(turn, Least(turn.Plan.StopWithin, turn.Plan.ShutdownWithin), "the system shuts down", goesDown: true),
            NativeControl.Preshutdown => Stop(turn, Least(turn.Plan.StopWithin, turn.Plan.PreshutdownWithin ?? turn.Plan.ShutdownWithin), "the system is about to shut down", goesDown: true),
            NativeControl.Pause => Pause(turn),
            NativeControl.Continue => Continue(turn),
            NativeControl.ParamChange => Reload(turn),
            // Not asked for, and nothing to be done about it; an error would refuse some of them.
            >= NativeControl.NetBindAdd and <= NativeControl.SessionChange or NativeControl.TimeChange or NativeControl.TriggerEvent or NativeControl.UserModeReboot => WindowsError.None,
            _ => WindowsError.CallNotImplemented,
        };
    }

    /// <summary>Any stop that arrives is honoured, accepted or not: one that comes while the service starts must not be lost.</summary>
    private static uint Stop(NativeTurn turn, TimeSpan within, string why, bool goesDown = false)
    {
        if (turn.Phase is NativePhase.Stopping or NativePhase.Closing) return WindowsError.CannotAcceptControl;
        // Suspended processes hear no signal.
        if (turn.Plan.Pause == PauseWay.Suspend && turn.Phase is NativePhase.Pausing or NativePhase.Paused or NativePhase.Continuing)
            turn.Do(new NativeEffect.ContinueInstance(turn.Clock + within));
        turn.Do(new NativeEffect.StopInstance(turn.Clock + within, why) { MachineGoesDown = goesDown });
        turn.To(new NativePhase.Stopping(turn.Clock + within), why, Smaller(within, NativeServiceLimits.InHandWithin));
        return WindowsError.None;
    }

    private static uint Pause(NativeTurn turn)
    {
        if (turn.Plan.Pause is null) return WindowsError.CallNotImplemented;
        if (turn.Phase is NativePhase.Paused or NativePhase.Pausing) return WindowsError.None;
        if (turn.Phase is not NativePhase.Running) return WindowsError.CannotAcceptControl;
        turn.Do(new NativeEffect.PauseInstance(turn.Clock + turn.Plan.PauseWithin));
        turn.To(new NativePhase.Pausing(turn.Clock + turn.Plan.PauseWithin), "the SCM says PAUSE", turn.Plan.PauseWithin);
        return WindowsError.None;
    }

    private static uint Continue(NativeTurn turn)
    {
        if (turn.Plan.Pause is null) return WindowsError.CallNotImplemented;
        if (turn.Phase is NativePhase.Running or NativePhase.Continuing) return WindowsError.None;
        if (turn.Phase is not NativePhase.Paused) return WindowsError.CannotAcceptControl;
        turn.Do(new NativeEffect.ContinueInstance(turn.Clock + turn.Plan.PauseWithin));
        turn.To(new NativePhase.Continuing(turn.Clock + turn.Plan.PauseWithin), "the SCM says CONTINUE", turn.Plan.PauseWithin);
        return WindowsError.None;
    }

    private static uint Reload(NativeTurn turn)
    {
        if (!turn.Plan.CanReload) return WindowsError.CallNotImplemented;
        if (turn.Phase is not NativePhase.Running) return WindowsError.CannotAcceptControl;
        turn.Do(new NativeEffect.ReloadInstance());
        return WindowsError.None;
    }

    /// <summary>What the system grants, less what our own end needs of it, but never less than half.</summary>
    private static TimeSpan Least(TimeSpan needed, TimeSpan granted)
    {
        var usable = granted - NativeServiceLimits.ShutdownReserve;
        return Smaller(needed, usable > granted / 2 ? usable : granted / 2);
    }

    private static TimeSpan Smaller(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
