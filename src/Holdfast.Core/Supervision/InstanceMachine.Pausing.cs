using Holdfast.Core.Health;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>
/// Pauses and their ends, by the way that the spec names. Paused is only what has proven to be: a hook's exit code, an answer to a request, or
/// processes that all stand still. What fails is taken back.
/// </summary>
public static partial class InstanceMachine
{
    /// <summary>From the wish to pause until it runs again.</summary>
    private static bool IsPausing(Turn turn) => IsChangingPause(turn) || turn.State.Phase is Phase.Paused;

    private static bool IsChangingPause(Turn turn) => turn.State.Phase is Phase.Pausing or Phase.Continuing;

    private static PauseSpec? PauseOf(Turn turn) => turn.Spec.Windows?.Pause;

    private static bool IsSuspension(Turn turn) => PauseOf(turn) is { Suspend: true };

    private static void TakePause(Turn turn, long ticket)
    {
        if (PauseOf(turn) is null)
        {
            turn.Do(new Effect.Reply(ticket, CannotPause(turn)));
        }
        else if (turn.State.Phase is Phase.Paused)
        {
            turn.Do(new Effect.Reply(ticket, null));
        }
        else if (IsChangingPause(turn))
        {
            turn.Do(new Effect.Reply(ticket, ChangingAlready(turn)));
        }
        else if (turn.State.Phase is not Phase.Running)
        {
            turn.Do(new Effect.Reply(ticket, NotRunning(turn)));
        }
        else
        {
            StandStill(turn);
            turn.State = turn.State with { PauseAsked = ticket };
            turn.To(new Phase.Pausing(turn.Now.Clock + PauseLimits.Of(PauseOf(turn)!, PauseAct.Pause), AgainAt: null), "it is being paused");
            Ask(turn, PauseAct.Pause);
        }
    }

    private static void TakeContinue(Turn turn, long ticket)
    {
        switch (turn.State.Phase)
        {
            case Phase.Running:
                turn.Do(new Effect.Reply(ticket, null));
                break;
            case Phase.Pausing:
                FailPause(turn, "it was to go on before it was paused");
                turn.State = turn.State with { PauseAsked = ticket };
                break;
            case Phase.Continuing when turn.State.PauseAsked is null:
                turn.State = turn.State with { PauseAsked = ticket };
                break;
            case Phase.Continuing:
                turn.Do(new Effect.Reply(ticket, ChangingAlready(turn)));
                break;
            case Phase.Paused:
                turn.State = turn.State with { PauseAsked = ticket };
                GoOn(turn, failure: null, "it is to go on");
                break;
            default:
                turn.Do(new Effect.Reply(ticket, PauseOf(turn) is null ? CannotPause(turn) : NotRunning(turn)));
                break;
        }
    }

    private static void TakePauseAnswer(Turn turn, PauseAct act, string? failure)
    {
        switch (act, turn.State.Phase)
        {
            case (PauseAct.Pause, Phase.Pausing) when failure is null:
                BecomePaused(turn);
                break;
            case (PauseAct.Pause, Phase.Pausing):
                FailPause(turn, failure);
                break;
            case (PauseAct.Continue, Phase.Continuing continuing) when failure is null:
                RunAgain(turn, continuing.Failure);
                break;
            case (PauseAct.Continue, Phase.Continuing continuing):
                FailContinue(turn, continuing, failure);
                break;
        }
    }

    private static void TakeSuspended(Turn turn, bool still)
    {
        if (turn.State.Phase is not Phase.Pausing pausing) return;
        if (still) BecomePaused(turn);
        else turn.State = turn.State with { Phase = pausing with { AgainAt = turn.Now.Clock + SupervisionLimits.StillAgainAfter } };
    }

    private static void BecomePaused(Turn turn)
    {
        turn.To(new Phase.Paused(), $"paused {HowPaused(turn)}");
        turn.Tell(EventKind.Paused, turn.State.Reason);
        AnswerPause(turn, failure: null);
    }

    /// <summary>It may have come half-way: it is taken back.</summary>
    private static void FailPause(Turn turn, string why)
    {
        turn.Tell(EventKind.PauseFailed, $"not paused: {why}");
        AnswerPause(turn, $"not paused: {why}");
        GoOn(turn, why, $"not paused: {why}");
    }

    private static void GoOn(Turn turn, string? failure, string reason)
    {
        turn.To(new Phase.Continuing(turn.Now.Clock + PauseLimits.Of(PauseOf(turn)!, PauseAct.Continue), failure), reason);
        Ask(turn, PauseAct.Continue);
    }

    private static void FailContinue(Turn turn, Phase.Continuing continuing, string why)
    {
        if (continuing.Failure is not null)
        {
            // It was never paused, as far as anybody knows: it is asked for signs of life again, and law 5 has the rest.
            turn.Tell(EventKind.PauseFailed, $"what there was of the pause could not be taken back: {why}");
            RunAgain(turn, continuing.Failure);
            return;
        }

        turn.To(new Phase.Paused(), $"still paused: {why}");
        turn.Tell(EventKind.PauseFailed, turn.State.Reason);
        AnswerPause(turn, turn.State.Reason);
    }

    private static void RunAgain(Turn turn, string? failure)
    {
        var clock = turn.Now.Clock;
        var health = HealthMachine.GoOn(turn.Spec, turn.State.Health, clock);
        turn.State = turn.State with { Health = health, Ledger = health.Healthy ? RestartGovernance.Healthy(turn.State.Ledger, clock) : turn.State.Ledger };
        turn.To(new Phase.Running(), failure is null ? "it goes on" : $"not paused: {failure}");
        if (failure is null) turn.Tell(EventKind.Continued, turn.State.Reason);
        AnswerPause(turn, failure: null);
    }

    /// <summary>It is asked for nothing from now on. A pause is neither health that forgives restarts nor its opposite.</summary>
    private static void StandStill(Turn turn) => turn.State = turn.State with
    {
        Health = HealthMachine.StandStill(turn.State.Health),
        Ledger = RestartGovernance.Unhealthy(turn.State.Ledger, turn.Spec.Restart, turn.Now.Clock),
    };

    private static void Ask(Turn turn, PauseAct act) => turn.Do(PauseOf(turn) switch
    {
        { Hooks: not null } => new Effect.RunHook(turn.State.Run, act == PauseAct.Pause ? HookKind.Pause : HookKind.Continue),
        { Http: not null } => new Effect.CallService(turn.State.Run, act),
        _ when act == PauseAct.Pause => new Effect.Suspend(turn.State.Run),
        _ => new Effect.LetRun(turn.State.Run),
    });

    private static void AnswerPause(Turn turn, string? failure)
    {
        if (turn.State.PauseAsked is not { } ticket) return;
        turn.State = turn.State with { PauseAsked = null };
        turn.Do(new Effect.Reply(ticket, failure is null ? null : new Problem(ProblemKind.Failed, "supervision.pause-failed", $"{turn.State.Desired.Plan.Instance}: {failure}")
        {
            Mend = "see its events and its output",
        }));
    }

    private static string HowPaused(Turn turn) => PauseOf(turn) switch
    {
        { Hooks: not null } => "by its hook",
        { Http: not null } => "as it was asked to by HTTP",
        _ => "by suspension: all of its processes stand still",
    };

    private static Problem CannotPause(Turn turn) => new(ProblemKind.Conflict, "supervision.no-pause", $"{turn.Spec.Name} cannot pause")
    {
        Why = "its spec does not say how",
        Mend = "add `windows.pause` to it: hooks, http or suspend",
    };

    private static Problem ChangingAlready(Turn turn) =>
        new(ProblemKind.Conflict, "supervision.pausing", $"{turn.Spec.Name} is being paused or continued already: {turn.State.Reason}") { Mend = "wait until that is through" };
}
