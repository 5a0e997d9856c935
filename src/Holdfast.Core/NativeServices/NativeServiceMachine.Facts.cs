namespace Holdfast.Core.NativeServices;

/// <summary>What happens to the instance.</summary>
public static partial class NativeServiceMachine
{
    private static void TakeProgress(NativeTurn turn, NativeInput.Progressed progressed)
    {
        switch (turn.Phase)
        {
            case NativePhase.Starting:
                turn.To(new NativePhase.Starting(InHand: true), progressed.What, progressed.Within);
                break;
            case NativePhase.Stopping:
                turn.To(turn.Phase, progressed.What, progressed.Within);
                break;
        }
    }

    /// <summary>
    /// From the first readiness on the service is RUNNING, and stays so while law 5 restarts its process: the SCM has no state for that, starting anew
    /// would be a step back that its clients do not know, and law 5 bounds how long it can last. Events and <c>service status</c> tell it.
    /// </summary>
    private static void TakeReady(NativeTurn turn)
    {
        switch (turn.Phase)
        {
            case NativePhase.Starting:
                turn.To(new NativePhase.Running(), "it is ready");
                break;
            case NativePhase.Pausing or NativePhase.Paused or NativePhase.Continuing:
                // A new process, which nobody has paused.
                turn.To(new NativePhase.Running(), "it was restarted, and runs");
                break;
        }
    }

    private static void TakeStop(NativeTurn turn, NativeInput.StopBegan began)
    {
        if (turn.Phase is NativePhase.Stopping or NativePhase.Closing) return;
        turn.To(new NativePhase.Stopping(turn.Clock + turn.Plan.StopWithin), began.Why, NativeServiceLimits.InHandWithin);
    }

    private static void TakePaused(NativeTurn turn)
    {
        // In RUNNING: later than it was waited for, or paused by somebody else. It is paused, so that is told.
        if (turn.Plan.Pause is not null && turn.Phase is NativePhase.Pausing or NativePhase.Running)
            turn.To(new NativePhase.Paused(), "it is paused");
    }

    private static void TakePauseFailed(NativeTurn turn, string why)
    {
        if (turn.Phase is not NativePhase.Pausing) return;
        turn.Do(new NativeEffect.ContinueInstance(turn.Clock + turn.Plan.PauseWithin));
        turn.To(new NativePhase.Running(), $"not paused: {why}");
    }

    private static void LosePause(NativeTurn turn, string why)
    {
        if (turn.Phase is NativePhase.Pausing or NativePhase.Paused or NativePhase.Continuing)
            turn.To(new NativePhase.Running(), $"no longer paused: {why}");
    }

    private static void TakeContinued(NativeTurn turn)
    {
        if (turn.Phase is NativePhase.Continuing or NativePhase.Paused)
            turn.To(new NativePhase.Running(), "it goes on");
    }

    private static void TakeContinueFailed(NativeTurn turn, string why)
    {
        if (turn.Phase is NativePhase.Continuing)
            turn.To(new NativePhase.Paused(), $"still paused: {why}");
    }
}
