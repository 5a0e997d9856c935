using Holdfast.Core.Leadership;

namespace Holdfast.Core.Incidents;

/// <summary>Which decisions are kept: those that changed something, and why nobody took over. Most steps do neither, and would push out those that do.</summary>
public static class DecisionWorth
{
    /// <param name="lastReason">Of the last decision of the same kind about the same service, kept or not; null: there was none.</param>
    public static bool IsKept(Decision decision, string? lastReason) => decision switch
    {
        Decision.OfLeadership leadership => IsKept(leadership, lastReason),
        Decision.OfLease lease => IsKept(lease),
        Decision.OfHold hold => IsKept(hold),
        // What cannot be saved is decided again each second.
        Decision.OfPlacement placement => placement.Answer.Reason != lastReason,
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "No such decision."),
    };

    private static bool IsKept(Decision.OfLeadership decision, string? lastReason)
    {
        var step = decision.Step;
        if (step.Effects.Count > 0 || step.State.Phase != decision.Before.Phase) return true;
        // Where nobody leads and nothing happens, somebody will ask why.
        return step.State is { Phase: LeadershipPhase.Following, Won: null, View.Leader: null } && step.Reason != lastReason;
    }

    /// <summary>All but that a renewal is sent and answered in time, and that one more asking came to nothing: a store that is away for days would leave nothing else.</summary>
    private static bool IsKept(Decision.OfLease decision) => (decision.Before, decision.Step.State) switch
    {
        (LeaseState.Held before, LeaseState.Held after) => before.Doubt != after.Doubt || decision.Input is LeaseInput.Unanswered || decision.Step.Effects.Any(effect => effect is LeaseEffect.HoldBack),
        (LeaseState.Held, _) or (_, LeaseState.Held) => true,
        (LeaseState.None { Refusals: 0 }, LeaseState.Asked) or (LeaseState.Asked, LeaseState.None { Refusals: 1 }) => true,
        _ => false,
    };

    /// <summary>What lets an epoch go on and what ends it, and not that peers are asked again and promise again: a store that is away for days would leave nothing else.</summary>
    private static bool IsKept(Decision.OfHold decision)
    {
        var (before, after) = (decision.Before, decision.Step.State);
        return decision.Input is HoldInput.Lost or HoldInput.Changed or HoldInput.TimeDoubted || before.Own is null != after.Own is null || before.IsOver != after.IsOver
            || before.Promises.Count != after.Promises.Count || decision.Step.Effects.Any(effect => effect is HoldEffect.Name or HoldEffect.Attach);
    }
}
