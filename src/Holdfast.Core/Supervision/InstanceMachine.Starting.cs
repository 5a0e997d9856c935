using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision;

/// <summary>From the wish to run until ready.</summary>
public static partial class InstanceMachine
{
    /// <summary>A start that is wanted (not an automatic restart): it waits for what it comes after.</summary>
    private static void Begin(Turn turn, string why)
    {
        var renewed = turn.State.Active is null || IsReplaced(turn.State);
        if (renewed && turn.State.Active is not null) turn.State = turn.State with { Ledger = turn.State.Ledger.Renewed() };
        turn.State = turn.State with { Active = turn.State.Desired, StatusText = null };
        if (turn.Spec.After.Count == 0 && !IsLed(turn.State))
        {
            Prepare(turn, why);
            return;
        }

        turn.To(new Phase.Waiting(), why);
        turn.Do(new Effect.LookAfter());
    }

    /// <summary>An automatic restart: only what acts under a lease has something to wait for.</summary>
    private static void PrepareAgain(Turn turn, string why)
    {
        if (!IsLed(turn.State))
        {
            Prepare(turn, why);
            return;
        }

        turn.To(new Phase.Waiting(LeaseOnly: true), why);
        turn.Do(new Effect.LookAfter());
    }

    private static bool IsLed(Instance instance) => (instance.Active ?? instance.Desired).Plan.Lease is not null;

    /// <summary>Everything before the process itself.</summary>
    private static void Prepare(Turn turn, string why)
    {
        turn.State = turn.State with { Run = turn.State.Run + 1, Process = null, StatusText = null };
        if (turn.Spec.Hooks.PreStart is null)
        {
            Launch(turn, why);
            return;
        }

        turn.To(new Phase.Preparing(), $"{why}; the preStart hook runs");
        turn.Tell(EventKind.Starting, turn.State.Reason);
        turn.Do(new Effect.RunHook(turn.State.Run, HookKind.PreStart));
    }

    private static void Launch(Turn turn, string why)
    {
        var told = turn.State.Phase is Phase.Preparing;
        turn.To(new Phase.Launching(), why);

        // What must be remembered of a restart is on disk before the restart is.
        turn.Do(new Effect.Save());
        turn.Do(new Effect.StartProcess(turn.State.Run));
        if (!told) turn.Tell(EventKind.Starting, why);
    }

    private static void TakeStarted(Turn turn, Input.Started started)
    {
        var now = turn.Now;
        turn.State = turn.State with { Process = new MainProcess(started.Pid, started.CreationTime, now.Clock, now.Wall) };
        turn.Tell(EventKind.Started, $"started as PID {started.Pid}");
        if (turn.State.Phase is not Phase.Launching)
        {
            // It was given up while it was being started.
            turn.Do(new Effect.KillContainer(turn.State.Run));
            return;
        }

        turn.State = turn.State with { Health = HealthMachine.Begin(turn.Spec, turn.State.Health, now.Clock) };
        turn.To(new Phase.Starting(now.Clock + turn.Spec.ReadyDeadline), $"started, not ready yet");
        LookAtHealth(turn);
    }

    private static void FailStart(Turn turn, string why, bool refused)
    {
        if (turn.State.Phase is not (Phase.Preparing or Phase.Launching)) return;
        turn.Tell(refused ? EventKind.StartRefused : EventKind.StartFailed, why);
        Empty(turn, new Ending(new RestartCause.Start(why), why, refused));
    }

    private static void MissDeadline(Turn turn)
    {
        var waited = RestartGovernance.InWords(turn.Now.Clock - (turn.State.Process?.Since ?? turn.Now.Clock));
        var why = $"not ready within {waited}{WhatIsMissing(turn)}";
        turn.Tell(EventKind.StartFailed, why);
        End(turn, new Ending(new RestartCause.Start(why), why));
    }

    private static string WhatIsMissing(Turn turn)
    {
        var health = turn.State.Health;
        if (health.Startup is { Succeeding: not true } startup) return $": startup probe: {startup.Message ?? "no answer yet"}";
        if (turn.Spec.Ready == Services.ReadyWhen.Notify && !health.Notified) return ": it did not say READY=1";
        return health.Readiness is { Succeeding: not true } readiness ? $": readiness probe: {readiness.Message ?? "no answer yet"}" : "";
    }
}
