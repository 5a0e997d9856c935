using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>The one place that decides what comes next when nothing of an instance runs.</summary>
public static partial class InstanceMachine
{
    private static void Settle(Turn turn, Ending ending)
    {
        var state = turn.State;
        if (state.Leaving)
        {
            turn.To(new Phase.Gone(), "removed");
            turn.Tell(EventKind.Removed, "nothing of it runs; forgotten");
            turn.Do(new Effect.Forget());
        }
        else if (state.Halting || state.Desired.Run == RunState.Stopped)
        {
            var quiet = state.Phase is Phase.Stopped;
            turn.To(new Phase.Stopped(), ending.Cause is null ? ending.Why : state.Halting ? "the supervisor is ending" : "wanted stopped");
            if (!quiet || state.Run == 0) turn.Tell(EventKind.Stopped, $"{turn.State.Reason}; its container is empty");
            turn.Do(new Effect.Save());
        }
        else if (ending.Fence && !IsReplaced(state))
        {
            turn.To(new Phase.Fenced(), ending.Why);
            turn.Do(new Effect.Save());
        }
        else if (ending.Cause is null || IsReplaced(state))
        {
            Begin(turn, ending.Why);
        }
        else if (ending.Refusal)
        {
            GiveUp(turn, ending.Why);
        }
        else
        {
            Govern(turn, ending.Cause);
        }
    }

    private static void Govern(Turn turn, RestartCause cause)
    {
        switch (RestartGovernance.Decide(turn.State.Ledger, turn.Spec.Restart, cause, turn.Now))
        {
            case RestartDecision.Restart when turn.Spec.Restart.OnExit == OnExit.Failover && IsLed(turn.State):
                GiveUp(turn, $"{turn.State.Reason}; it fails over (restart.onExit)");
                break;
            case RestartDecision.Restart restart:
                turn.State = turn.State with { Ledger = restart.Ledger };
                turn.Tell(EventKind.RestartScheduled, restart.Reason);
                if (restart.Delay == TimeSpan.Zero)
                {
                    PrepareAgain(turn, restart.Reason);
                    break;
                }

                turn.To(new Phase.BackingOff(turn.Now.Clock + restart.Delay, turn.Now.Wall + restart.Delay), restart.Reason);
                turn.Do(new Effect.Save());
                break;
            case RestartDecision.Complete complete:
                turn.To(new Phase.Completed(), complete.Reason);
                turn.Do(new Effect.Save());
                turn.Tell(EventKind.Completed, complete.Reason);
                break;
            case RestartDecision.GiveUp giveUp:
                GiveUp(turn, giveUp.Reason);
                break;
        }
    }

    private static void GiveUp(Turn turn, string why)
    {
        turn.To(new Phase.Failed(), why);
        turn.Do(new Effect.Save());
        turn.Tell(EventKind.Failed, why);
    }
}
