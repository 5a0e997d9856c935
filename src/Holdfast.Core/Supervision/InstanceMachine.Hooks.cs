using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.Supervision;

/// <summary>Hooks' ends, and what operators ask of a running instance.</summary>
public static partial class InstanceMachine
{
    private static void TakeHook(Turn turn, Input.HookFinished hook)
    {
        if (hook.Failure is { } failure && hook.Hook != HookKind.Reload)
            turn.Tell(EventKind.HookFailed, $"{NameOf(hook.Hook)} hook: {failure}");

        switch (hook.Hook, turn.State.Phase)
        {
            case (HookKind.PreStart, Phase.Preparing) when hook.Failure is null:
                Launch(turn, "the preStart hook succeeded");
                break;
            case (HookKind.PreStart, Phase.Preparing):
                FailStart(turn, $"the preStart hook failed: {hook.Failure}", refused: false);
                break;
            case (HookKind.PreStop, Phase.PreStopping stopping):
                if (turn.State.Process is null) Empty(turn, stopping.Ending);
                else Terminate(turn, stopping.Ending);
                break;
            case (HookKind.PostStop, Phase.PostStopping stopping):
                Empty(turn, stopping.Ending, hookDone: true);
                break;
            case (HookKind.Pause, _):
                TakePauseAnswer(turn, PauseAct.Pause, hook.Failure);
                break;
            case (HookKind.Continue, _):
                TakePauseAnswer(turn, PauseAct.Continue, hook.Failure);
                break;
            case (HookKind.Promote, _):
                TakePromotion(turn, hook.Failure);
                break;
            case (HookKind.Reload, _):
                if (turn.State.Reloading is null) break;
                if (hook.Failure is null) turn.Tell(EventKind.Reloaded, "the reload hook succeeded");
                else turn.Tell(EventKind.HookFailed, $"reload hook: {hook.Failure}");
                AnswerReload(turn, hook.Failure);
                break;
        }
    }

    private static void TakeSignal(Turn turn, Input.SignalAsked asked)
    {
        if (turn.State.Process is not { } process)
        {
            turn.Do(new Effect.Reply(asked.Ticket, NotRunning(turn)));
            return;
        }

        turn.Do(new Effect.Signal(process.Pid, asked.Signal));
        turn.Tell(EventKind.Signalled, $"SIG{asked.Signal} was sent as asked");
        turn.Do(new Effect.Reply(asked.Ticket, null));
    }

    private static void TakeReload(Turn turn, Input.ReloadAsked asked)
    {
        if (turn.Spec.Reload is not { } reload)
        {
            turn.Do(new Effect.Reply(asked.Ticket, new Problem(ProblemKind.Conflict, "supervision.no-reload", $"{turn.Spec.Name} cannot reload")
            {
                Mend = "give its spec a reload section, or restart it",
            }));
        }
        else if (!IsLive(turn))
        {
            turn.Do(new Effect.Reply(asked.Ticket, NotRunning(turn)));
        }
        else if (turn.State.Reloading is not null)
        {
            turn.Do(new Effect.Reply(asked.Ticket, new Problem(ProblemKind.Conflict, "supervision.reloading", $"{turn.Spec.Name} is reloading already")));
        }
        else if (reload.Signal is { } signal)
        {
            turn.Do(new Effect.Signal(turn.State.Process!.Pid, signal));
            turn.Tell(EventKind.Reloaded, $"SIG{signal} was sent");
            turn.Do(new Effect.Reply(asked.Ticket, null));
        }
        else
        {
            turn.State = turn.State with { Reloading = asked.Ticket };
            turn.Do(new Effect.RunHook(turn.State.Run, HookKind.Reload));
        }
    }

    private static void AnswerReload(Turn turn, string? failure)
    {
        if (turn.State.Reloading is not { } ticket) return;
        turn.State = turn.State with { Reloading = null };
        turn.Do(new Effect.Reply(ticket, failure is null ? null : new Problem(ProblemKind.Failed, "supervision.reload-failed", $"{turn.Spec.Name} was not reloaded: {failure}")));
    }

    private static Problem NotRunning(Turn turn) =>
        new(ProblemKind.Conflict, "supervision.not-running", $"{turn.State.Desired.Plan.Instance} is not running: {turn.State.Reason}");

    private static string NameOf(HookKind hook) => hook switch
    {
        HookKind.PreStart => "preStart",
        HookKind.PostStart => "postStart",
        HookKind.PreStop => "preStop",
        HookKind.PostStop => "postStop",
        HookKind.Pause => "pause",
        HookKind.Continue => "continue",
        HookKind.Promote => "promote",
        _ => "reload",
    };
}
