using Holdfast.Core.Health;

namespace Holdfast.Core.Supervision;

/// <summary>While a process runs: probes, notifications, watchdog.</summary>
public static partial class InstanceMachine
{
    private static bool IsLive(Turn turn) => turn.State.Phase is Phase.Starting or Phase.Promoting or Phase.Running;

    private static void TakeVerdict(Turn turn, Input.Probed probed)
    {
        if (!IsLive(turn) && !IsPausing(turn)) return;
        var health = HealthMachine.Judge(turn.Spec, turn.State.Health, probed.Probe, probed.Verdict, turn.Now.Clock, turn.Now.Wall);
        turn.State = turn.State with { Health = health };
        if (IsLive(turn)) LookAtHealth(turn);
    }

    /// <summary>Draws the consequences of what is known and due now.</summary>
    private static void LookAtHealth(Turn turn)
    {
        if (EndIfBroken(turn)) return;
        var before = turn.State.Health;
        if (turn.State.Phase is Phase.Starting && HealthMachine.IsReady(turn.Spec, before))
            BecomeReady(turn);
        else if (turn.State.Phase is Phase.Running)
            CompareHealth(turn);

        var due = HealthMachine.Due(turn.State.Health, turn.Now.Clock, out var asked);
        foreach (var probe in due)
            turn.Do(new Effect.RunProbe(turn.State.Run, probe));
        turn.State = turn.State with { Health = asked };
    }

    private static bool EndIfBroken(Turn turn)
    {
        var health = turn.State.Health;
        if (health.WatchdogBy <= turn.Now.Clock)
        {
            BreakOff(turn, $"no WATCHDOG=1 within {RestartGovernance.InWords(turn.Spec.Watchdog ?? TimeSpan.Zero)}");
            return true;
        }

        if (HealthMachine.Verdict(health, out var probe) is not { } why) return false;
        turn.Tell(EventKind.Unhealthy, why);
        End(turn, new Ending(probe == ProbeName.Liveness ? new RestartCause.Liveness(why) : new RestartCause.Start(why), why));
        return true;
    }

    private static void BecomeReady(Turn turn)
    {
        var took = RestartGovernance.InWords(turn.Now.Clock - (turn.State.Process?.Since ?? turn.Now.Clock));
        turn.State = turn.State with
        {
            Health = HealthMachine.BecomeReady(turn.Spec, turn.State.Health, turn.Now.Clock),
            Ledger = RestartGovernance.Healthy(turn.State.Ledger, turn.Now.Clock),
        };
        var how = turn.State.Health.Notified && turn.Spec.Ready == Services.ReadyWhen.Notify ? "said READY=1"
            : turn.State.Health.Readiness is not null || turn.State.Health.Startup is not null ? "its probes succeed" : "it has started";
        var (hot, standsBy) = (Promotion.IsOf(turn.Spec), (turn.State.Active ?? turn.State.Desired).Plan.StandsBy);
        turn.To(new Phase.Running(), $"{(standsBy ? "stands by, " : "")}ready after {took}: {how}");
        turn.Tell(EventKind.Ready, turn.State.Reason);
        if (turn.Spec.Hooks.PostStart is not null) turn.Do(new Effect.RunHook(turn.State.Run, HookKind.PostStart));
        if (hot && !standsBy) AwaitPromotion(turn, turn.State.Reason);
    }

    /// <summary>Says when health changes, and keeps the ledger's clock of health by it.</summary>
    private static void CompareHealth(Turn turn)
    {
        var (healthy, was) = (turn.State.Health.Healthy, turn.State.Ledger.HealthySince is not null);
        if (healthy == was) return;
        var clock = turn.Now.Clock;
        var ledger = turn.State.Ledger;
        turn.State = turn.State with
        {
            Ledger = healthy ? RestartGovernance.Healthy(ledger, clock) : RestartGovernance.Unhealthy(ledger, turn.Spec.Restart, clock),
        };
        var why = healthy ? "the readiness probe succeeds again" : $"readiness probe: {turn.State.Health.Readiness?.Message}";
        turn.To(turn.State.Phase, why);
        turn.Tell(healthy ? EventKind.Healthy : EventKind.Unhealthy, why);
    }

    private static void TakeReady(Turn turn)
    {
        if (!IsLive(turn)) return;
        turn.State = turn.State with { Health = turn.State.Health with { Notified = true } };
        LookAtHealth(turn);
    }

    private static void TakeAlive(Turn turn)
    {
        if (turn.Spec.Watchdog is not { } within || turn.State.Health.WatchdogBy is null) return;
        turn.State = turn.State with { Health = turn.State.Health with { WatchdogBy = turn.Now.Clock + within } };
    }

    private static void TakeBroken(Turn turn)
    {
        if (IsLive(turn) || IsPausing(turn)) BreakOff(turn, "it said WATCHDOG=trigger");
    }

    /// <summary>A hung process is not asked politely: it would not answer.</summary>
    private static void BreakOff(Turn turn, string why)
    {
        turn.Tell(EventKind.WatchdogMissed, why);
        Empty(turn, new Ending(new RestartCause.Watchdog(why), why));
    }

    private static void TakeStatus(Turn turn, string text) => turn.State = turn.State with
    {
        StatusText = text.Length > SupervisionLimits.StatusCharacters ? text[..SupervisionLimits.StatusCharacters] : text,
    };

    private static void TakeStopping(Turn turn)
    {
        if (!IsLive(turn) && !IsPausing(turn)) return;
        turn.State = turn.State with { Health = turn.State.Health with { SaysStopping = true, WatchdogBy = null } };
        turn.To(turn.State.Phase, "it says that it is stopping");
    }

    private static void TakeMoreTime(Turn turn, TimeSpan more)
    {
        var left = SupervisionLimits.MostExtension - turn.State.Extended;
        var granted = more < left ? more : left;
        if (granted <= TimeSpan.Zero) return;
        var until = turn.Now.Clock + granted;
        var extended = turn.State.Extended + granted;
        Phase? longer = turn.State.Phase switch
        {
            Phase.Starting starting when starting.ReadyBy < until => starting with { ReadyBy = until },
            Phase.Promoting promoting when promoting.By < until => promoting with { By = until },
            Phase.Terminating terminating when terminating.KillAt < until => terminating with { KillAt = until },
            _ => null,
        };
        if (longer is not null)
            turn.State = turn.State with { Phase = longer, Extended = extended };
        else if (turn.State.Health.WatchdogBy < until)
            turn.State = turn.State with { Health = turn.State.Health with { WatchdogBy = until }, Extended = extended };
    }
}
