namespace Holdfast.Core.Supervision;

/// <summary>
/// The life of one instance as one pure function. docs/supervision.md draws it; the transcripts in the tests show it.
/// Its promises: two trees of one instance never overlap; no start beyond the restart budget; every state has a reason;
/// what is wanted stopped or gone gets there from anywhere, provided that the kernel kills what it is told to.
/// </summary>
public static partial class InstanceMachine
{
    public static Step Step(Instance instance, Input input, Moment now)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var turn = new Turn(instance, now);
        if (instance.Phase is not Phase.Gone) Take(turn, input);
        // However it came out of it: who waits is told.
        if (!IsChangingPause(turn)) AnswerPause(turn, $"it was overtaken: {turn.State.Reason}");
        return new Step(turn.State, turn.Effects, turn.State.Reason);
    }

    private static void Take(Turn turn, Input input)
    {
        switch (input)
        {
            case Input.Applied applied: Apply(turn, applied.Desired); break;
            case Input.Resumed: Resume(turn); break;
            case Input.Removed: Remove(turn); break;
            case Input.Halted: Halt(turn); break;
            case Input.AfterChanged after: ChangeAfter(turn, after.Blocker); break;
            case Input.Fenced fenced: Fence(turn, fenced.Why); break;
            case Input.TimePassed: PassTime(turn); break;
            case Input.SignalAsked asked: TakeSignal(turn, asked); break;
            case Input.ReloadAsked asked: TakeReload(turn, asked); break;
            case Input.PauseAsked asked: TakePause(turn, asked.Ticket); break;
            case Input.ContinueAsked asked: TakeContinue(turn, asked.Ticket); break;
            case Input.Noted noted: turn.Tell(noted.Kind, noted.What); break;
            default: TakeFromRun(turn, input); break;
        }
    }

    /// <summary>What concerns one run: anything from an earlier one is late, and means nothing now.</summary>
    private static void TakeFromRun(Turn turn, Input input)
    {
        var run = turn.State.Run;
        switch (input)
        {
            case Input.Started started when started.Run == run: TakeStarted(turn, started); break;
            case Input.StartFailed failed when failed.Run == run: FailStart(turn, failed.Why, refused: false); break;
            case Input.StartRefused refused when refused.Run == run: FailStart(turn, refused.Why, refused: true); break;
            case Input.Exited exited when exited.Run == run: TakeExit(turn, exited); break;
            case Input.ContainerEmpty empty when empty.Run == run: TakeEmpty(turn); break;
            case Input.HookFinished hook when hook.Run == run: TakeHook(turn, hook); break;
            case Input.PauseAnswered answered when answered.Run == run: TakePauseAnswer(turn, answered.Act, answered.Failure); break;
            case Input.PromotionAnswered answered when answered.Run == run: TakePromotion(turn, answered.Failure); break;
            case Input.Suspended suspended when suspended.Run == run: TakeSuspended(turn, suspended.Still); break;
            case Input.Probed probed when probed.Run == run: TakeVerdict(turn, probed); break;
            case Input.SaidReady said when said.Run == run: TakeReady(turn); break;
            case Input.SaidAlive said when said.Run == run: TakeAlive(turn); break;
            case Input.SaidBroken said when said.Run == run: TakeBroken(turn); break;
            case Input.SaidStatus said when said.Run == run: TakeStatus(turn, said.Text); break;
            case Input.SaidStopping said when said.Run == run: TakeStopping(turn); break;
            case Input.SaidMoreTime said when said.Run == run: TakeMoreTime(turn, said.More); break;
            case Input.SaidForbidden said when said.Run == run: turn.Tell(EventKind.NotifyRefused, said.What); break;
        }
    }

    private static void PassTime(Turn turn)
    {
        var clock = turn.Now.Clock;
        switch (turn.State.Phase)
        {
            case Phase.BackingOff backing when backing.Until <= clock:
                PrepareAgain(turn, turn.State.Reason);
                break;
            case Phase.Starting starting when starting.ReadyBy <= clock:
                MissDeadline(turn);
                break;
            case Phase.Promoting promoting when promoting.By <= clock:
                FailPromotion(turn, "it took too long");
                break;
            case Phase.Pausing pausing when pausing.By <= clock:
                FailPause(turn, "it took too long");
                break;
            case Phase.Pausing { AgainAt: { } again } pausing when again <= clock:
                turn.State = turn.State with { Phase = pausing with { AgainAt = null } };
                turn.Do(new Effect.Suspend(turn.State.Run));
                break;
            case Phase.Continuing continuing when continuing.By <= clock:
                FailContinue(turn, continuing, "it took too long");
                break;
            case Phase.Terminating terminating when terminating.KillAt <= clock:
                KillUnstopped(turn, terminating);
                break;
            case Phase.Emptying emptying when emptying.AgainAt <= clock:
                EmptyAgain(turn, emptying);
                break;
            case Phase.Starting or Phase.Promoting or Phase.Running:
                LookAtHealth(turn);
                break;
        }
    }
}
