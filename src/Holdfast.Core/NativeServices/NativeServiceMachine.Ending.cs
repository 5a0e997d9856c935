namespace Holdfast.Core.NativeServices;

/// <summary>From the end of the instance to STOPPED, which is the last word.</summary>
public static partial class NativeServiceMachine
{
    private static void TakeEnd(NativeTurn turn, NativeInput.Ended ended)
    {
        switch (turn.Phase)
        {
            case NativePhase.Stopping:
                // It was to stop: how it did so is its own matter, and no failure that anybody has to mend.
                Close(turn, NativeExit.Success, ended.Why);
                break;
            case not NativePhase.Closing:
                Close(turn, NativeExit.Of(ended.End), ended.Why);
                break;
        }
    }

    /// <summary>Once STOPPED is told, the SCM may end the process and must not be called again: so the supervisor does everything else before.</summary>
    private static void Close(NativeTurn turn, NativeExit exit, string why)
    {
        var by = turn.Clock + NativeServiceLimits.CloseWithin;
        turn.Do(new NativeEffect.CloseHost(by));
        turn.To(new NativePhase.Closing(exit, by), why, NativeServiceLimits.CloseWithin);
    }

    private static void TakeClosed(NativeTurn turn)
    {
        if (turn.Phase is NativePhase.Closing closing) TellStopped(turn, closing.Exit, turn.State.Reason);
    }

    /// <summary>
    /// A crash of ours is a crash for the SCM too, so that it starts us again. Not while the service is being stopped: recovery actions would bring
    /// back what was to end.
    /// </summary>
    private static void TakeHostFailure(NativeTurn turn, string why)
    {
        switch (turn.Phase)
        {
            case NativePhase.Closing closing:
                TellStopped(turn, closing.Exit, why);
                break;
            case NativePhase.Stopping:
                turn.Do(new NativeEffect.KillInstance(why));
                Close(turn, NativeExit.Unexpected, why);
                break;
            default:
                turn.Quietly(new NativePhase.Over(), why);
                turn.Do(new NativeEffect.Abandon(why));
                break;
        }
    }

    private static void TellStopped(NativeTurn turn, NativeExit exit, string why) => turn.To(new NativePhase.Over(), why, exit: exit);
}
