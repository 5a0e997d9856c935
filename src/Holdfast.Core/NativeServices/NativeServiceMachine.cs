using Holdfast.Core.Supervision;

namespace Holdfast.Core.NativeServices;

/// <summary>
/// What a service tells the SCM, as one pure function of what it was told and what happened to the instance. It cannot lie:
/// a checkpoint is a step that was made, RUNNING is an instance that is ready, STOPPED is a container that is empty, told once and last.
/// docs/windows.md draws it; a model of the SCM in the tests holds it to the rules of the wire.
/// </summary>
public static partial class NativeServiceMachine
{
    /// <summary>
    /// The first report, to be made at once when ServiceMain runs, before anything is read: what is known of the service comes with
    /// <see cref="NativeInput.Planned"/>. It accepts nothing, as nobody is there yet who could carry it out.
    /// </summary>
    public static NativeStep Begin(Moment now)
    {
        var plan = new NativeServicePlan { StopWithin = NativeServiceLimits.InHandWithin };
        var blank = new NativeStatus(NativeState.Stopped, AcceptedControls.None, 0, TimeSpan.Zero, NativeExit.Success);
        var turn = new NativeTurn(new NativeService { Plan = plan, Phase = new NativePhase.Starting(InHand: false), Reported = blank, Reason = "just begun" }, now);
        turn.To(turn.Phase, "the SCM starts it", NativeServiceLimits.InHandWithin);
        return turn.Step;
    }

    public static NativeStep Step(NativeService service, NativeInput input, Moment now)
    {
        ArgumentNullException.ThrowIfNull(service);
        var turn = new NativeTurn(service, now);
        switch (input)
        {
            case NativeInput.Controlled controlled: TakeControl(turn, controlled.Control); break;
            case var _ when turn.Phase is NativePhase.Over: break;
            case NativeInput.Planned planned: turn.Plan = planned.Plan; break;
            case NativeInput.Progressed progressed: TakeProgress(turn, progressed); break;
            case NativeInput.BecameReady: TakeReady(turn); break;
            case NativeInput.StopBegan began: TakeStop(turn, began); break;
            case NativeInput.Ended ended: TakeEnd(turn, ended); break;
            case NativeInput.PauseDone: TakePaused(turn); break;
            case NativeInput.PauseFailed failed: TakePauseFailed(turn, failed.Why); break;
            case NativeInput.PauseLost lost: LosePause(turn, lost.Why); break;
            case NativeInput.ContinueDone: TakeContinued(turn); break;
            case NativeInput.ContinueFailed failed: TakeContinueFailed(turn, failed.Why); break;
            case NativeInput.HostClosed: TakeClosed(turn); break;
            case NativeInput.HostFailed failed: TakeHostFailure(turn, failed.Why); break;
            case NativeInput.TimePassed: PassTime(turn); break;
        }

        return turn.Step;
    }

    /// <summary>
    /// What is accepted where. In START_PENDING it is nothing until the supervisor has the instance in hand, and from then on STOP alone: the rule against
    /// accepting there guards services that cannot carry it out yet, which is over by then, and without STOP an operator could not end a start that takes long.
    /// PRESHUTDOWN and SHUTDOWN exclude each other, as the SCM tells nobody of both. A paused service does not reload: its processes may be suspended.
    /// </summary>
    internal static AcceptedControls Accepted(NativePhase phase, NativeServicePlan plan)
    {
        var ending = AcceptedControls.Stop | (plan.PreshutdownWithin is null ? AcceptedControls.Shutdown : AcceptedControls.Preshutdown);
        var pausing = plan.Pause is null ? AcceptedControls.None : AcceptedControls.PauseContinue;
        return phase switch
        {
            NativePhase.Starting { InHand: true } => AcceptedControls.Stop,
            NativePhase.Running => ending | pausing | (plan.CanReload ? AcceptedControls.ParamChange : AcceptedControls.None),
            NativePhase.Paused => ending | pausing,
            NativePhase.Pausing or NativePhase.Continuing => ending,
            _ => AcceptedControls.None,
        };
    }

    private static void PassTime(NativeTurn turn)
    {
        switch (turn.Phase)
        {
            case NativePhase.Pausing pausing when pausing.By <= turn.Clock:
                TakePauseFailed(turn, "the pause took too long");
                break;
            case NativePhase.Continuing continuing when continuing.By <= turn.Clock:
                TakeContinueFailed(turn, "going on took too long");
                break;
            case NativePhase.Stopping { KillAt: { } at } when at <= turn.Clock:
                // Not a word to the SCM: time is no progress. What is killed says so when it is.
                turn.Quietly(new NativePhase.Stopping(null), "its time to stop is over");
                turn.Do(new NativeEffect.KillInstance(turn.State.Reason));
                break;
            case NativePhase.Closing closing when closing.By <= turn.Clock:
                TellStopped(turn, closing.Exit, "the supervisor's own end took too long");
                break;
        }
    }
}
