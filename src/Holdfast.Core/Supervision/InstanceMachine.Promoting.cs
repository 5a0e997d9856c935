namespace Holdfast.Core.Supervision;

/// <summary>
/// From standing by to leading. From the moment at which it is to lead, all that runs of it is under the lease: what is told to act while nobody knows whether it has heard is
/// killed at the deadline like anything else that acts.
/// </summary>
public static partial class InstanceMachine
{
    /// <summary>What is wanted leads, and its standby runs, or is ending for a reason of its own: it is started again as what leads then.</summary>
    private static void Lead(Turn turn)
    {
        turn.State = turn.State with { Active = turn.State.Desired };
        turn.Do(new Effect.PutUnderLease(turn.State.Run));
        switch (turn.State.Phase)
        {
            case Phase.Running:
                AwaitPromotion(turn, "it leads now");
                break;
            case Phase.Pausing or Phase.Paused or Phase.Continuing:
                End(turn, new Ending(null, "it leads now, and was paused"));
                break;
        }
    }

    private static void AwaitPromotion(Turn turn, string why)
    {
        turn.To(new Phase.Promoting(null), $"{why}; it is to be promoted");
        turn.Do(new Effect.LookAfter());
    }

    /// <summary>The lease lets it act.</summary>
    private static void Promote(Turn turn)
    {
        var run = turn.State.Run;
        turn.To(new Phase.Promoting(turn.Now.Clock + Promotion.Within(turn.Spec)), $"it is being promoted{InEpoch(turn)}");
        turn.Do(turn.Spec.Placement.Promote!.Hook is not null ? new Effect.RunHook(run, HookKind.Promote) : new Effect.CallPromotion(run));
    }

    private static void TakePromotion(Turn turn, string? failure)
    {
        if (turn.State.Phase is not Phase.Promoting { By: not null }) return;
        if (failure is not null)
        {
            FailPromotion(turn, failure);
            return;
        }

        BePromoted(turn, turn.Spec.Placement.Promote switch
        {
            { Signal: { } signal } => $"SIG{signal} was sent",
            { Hook: not null } => "its hook succeeded",
            _ => "it has answered",
        });
    }

    private static void BePromoted(Turn turn, string how)
    {
        turn.To(new Phase.Running(), $"promoted{InEpoch(turn)}: {how}");
        turn.Tell(EventKind.Promoted, turn.State.Reason);
        CompareHealth(turn);
    }

    /// <summary>It may have heard half of it: only a new start is something certain.</summary>
    private static void FailPromotion(Turn turn, string failure)
    {
        var why = $"it was not promoted{InEpoch(turn)}: {failure}";
        turn.Tell(EventKind.PromotionFailed, why);
        End(turn, new Ending(new RestartCause.Start(why), why));
    }

    private static string InEpoch(Turn turn) => (turn.State.Active ?? turn.State.Desired).Plan.Epoch is { } epoch ? $" in epoch {epoch}" : "";
}
