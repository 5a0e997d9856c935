using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision;

/// <summary>The stop ladder: preStop hook, stop signal, time, kill, proof of emptiness, postStop hook.</summary>
public static partial class InstanceMachine
{
    /// <summary>Ends a tree the polite way.</summary>
    private static void End(Turn turn, Ending ending)
    {
        if (turn.State.Process is null)
        {
            Empty(turn, ending);
            return;
        }

        turn.Do(new Effect.StopProbes(turn.State.Run));
        // What stands still hears no signal.
        if (IsPausing(turn) && IsSuspension(turn)) turn.Do(new Effect.LetRun(turn.State.Run));
        if (ending.Cause is null && turn.Spec.Hooks.PreStop is not null)
        {
            turn.To(new Phase.PreStopping(ending), $"{ending.Why}; the preStop hook runs");
            turn.Tell(EventKind.Stopping, turn.State.Reason);
            turn.Do(new Effect.RunHook(turn.State.Run, HookKind.PreStop));
            return;
        }

        turn.Tell(EventKind.Stopping, ending.Why);
        Terminate(turn, ending);
    }

    private static void Terminate(Turn turn, Ending ending)
    {
        var stop = turn.Spec.Stop;
        turn.To(new Phase.Terminating(ending, turn.Now.Clock + stop.Timeout), $"{ending.Why}; SIG{stop.Signal} was sent");
        turn.Do(new Effect.Signal(turn.State.Process!.Pid, stop.Signal));
    }

    private static void KillUnstopped(Turn turn, Phase.Terminating terminating)
    {
        turn.Tell(EventKind.Killed, $"it did not end within {RestartGovernance.InWords(turn.Spec.Stop.Timeout + turn.State.Extended)} of SIG{turn.Spec.Stop.Signal}");
        Empty(turn, terminating.Ending);
    }

    /// <summary>Kills what is left, be it everything or nothing, and waits for the proof.</summary>
    private static void Empty(Turn turn, Ending ending, bool hookDone = false)
    {
        if (IsLive(turn)) turn.Do(new Effect.StopProbes(turn.State.Run));
        turn.To(new Phase.Emptying(ending, Empty: false, turn.Now.Clock + SupervisionLimits.EmptyWithin, Told: false, hookDone), ending.Why);
        turn.Do(new Effect.KillContainer(turn.State.Run));
    }

    private static void EmptyAgain(Turn turn, Phase.Emptying emptying)
    {
        if (!emptying.Told)
            turn.Tell(EventKind.Killed, $"killed {RestartGovernance.InWords(SupervisionLimits.EmptyWithin)} ago and not empty yet; it is killed again until it is");
        turn.State = turn.State with { Phase = emptying with { Told = true, AgainAt = turn.Now.Clock + SupervisionLimits.EmptyWithin } };
        turn.Do(new Effect.KillContainer(turn.State.Run));
    }

    private static void TakeExit(Turn turn, Input.Exited exited)
    {
        if (turn.State.Process is not { } process) return;
        var lived = RestartGovernance.InWords(turn.Now.Clock - process.Since);
        var why = exited.Note is null ? exited.Exit.ToString() : $"{exited.Exit} ({exited.Note})";
        turn.Tell(EventKind.Exited, $"{why}, after {lived}", exited.Exit);
        turn.State = turn.State with
        {
            Process = null,
            LastExit = exited.Exit,
            Health = HealthMachine.End(turn.State.Health),
            Ledger = RestartGovernance.Unhealthy(turn.State.Ledger, turn.Spec.Restart, turn.Now.Clock),
        };
        AnswerReload(turn, "the instance ended while it was reloading");

        switch (turn.State.Phase)
        {
            case Phase.Starting when exited.Exit.Code is { } code && turn.Spec.Restart.SuccessCodes.Contains(code):
                // Whatever it thinks of itself: work that was never ready is not done.
                var early = $"{why} before it was ready";
                Empty(turn, new Ending(new RestartCause.Start(early), early));
                break;
            case Phase.Starting or Phase.Promoting or Phase.Running or Phase.Pausing or Phase.Paused or Phase.Continuing:
                // Nobody pauses what is started in its place: the SCM and the operator see that it runs, and may pause it again.
                Empty(turn, new Ending(new RestartCause.Exit(exited.Exit), why));
                break;
            case Phase.PreStopping stopping:
                Empty(turn, stopping.Ending);
                break;
            case Phase.Terminating terminating:
                Empty(turn, terminating.Ending);
                break;
            case Phase.Emptying { Empty: true } emptying:
                AfterEmpty(turn, emptying);
                break;
        }
    }

    private static void TakeEmpty(Turn turn)
    {
        switch (turn.State.Phase)
        {
            case Phase.Emptying emptying when turn.State.Process is null:
                AfterEmpty(turn, emptying);
                break;
            case Phase.Emptying emptying:
                // Empty, but the end of the main process was not read yet: without it there is no exit code to judge.
                turn.State = turn.State with { Phase = emptying with { Empty = true } };
                break;
        }
    }

    private static void AfterEmpty(Turn turn, Phase.Emptying emptied)
    {
        var ending = emptied.Ending;
        if (turn.Spec.Hooks.PostStop is null || emptied.HookDone || ending.Fence)
        {
            Settle(turn, ending);
            return;
        }

        turn.To(new Phase.PostStopping(ending), $"{ending.Why}; the postStop hook runs");
        turn.Do(new Effect.RunHook(turn.State.Run, HookKind.PostStop));
    }
}
