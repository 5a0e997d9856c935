namespace Holdfast.Core.Supervision;

/// <summary>What the agent, the operator and the supervisor's own end want of an instance.</summary>
public static partial class InstanceMachine
{
    private static void Apply(Turn turn, DesiredInstance desired)
    {
        var before = turn.State.Desired;
        var first = turn.State.Active is null && turn.State.Run == 0;
        var came = turn.State.Leaving;
        if (!first && !came && DesiredInstances.Same(before, desired)) return;

        var wanted = desired.Run == RunState.Running;
        turn.State = turn.State with { Desired = desired, Leaving = false };
        turn.Do(new Effect.Save());
        turn.Tell(EventKind.Applied, $"release {desired.Plan.Release} is wanted {(wanted ? "running" : "stopped")}");

        if (turn.State.MayHaveProcesses)
        {
            if (wanted && turn.State.Active is { } active && active.Incarnation >= desired.Incarnation && Promotion.Awaits(active.Plan, desired.Plan))
                Lead(turn);
            else if (turn.State.Phase.State == InstanceState.Stopping)
                return;
            else if (!wanted)
                End(turn, new Ending(null, "wanted stopped"));
            else if (IsReplaced(turn.State))
                End(turn, new Ending(null, WhyReplaced(turn.State)));
            return;
        }

        if (wanted && IsAtRest(turn.State) && !IsReplaced(turn.State) && !came && before.Run == RunState.Running)
            return;
        Settle(turn, new Ending(null, wanted ? "wanted running" : "wanted stopped"));
    }

    private static void Resume(Turn turn)
    {
        if (turn.State.MayHaveProcesses || (IsAtRest(turn.State) && !turn.State.Leaving)) return;
        Settle(turn, new Ending(null, "the supervisor has started"));
    }

    private static void Remove(Turn turn)
    {
        if (turn.State.Leaving) return;
        turn.State = turn.State with { Leaving = true };
        turn.Do(new Effect.Save());
        Leave(turn, "to be removed");
    }

    private static void Halt(Turn turn)
    {
        if (turn.State.Halting) return;
        turn.State = turn.State with { Halting = true };

        // Failed and completed say something that the next supervisor must know: they stay. What is fenced the next one knows by itself.
        if (!IsAtRest(turn.State) || turn.State.Phase is Phase.Fenced) Leave(turn, "the supervisor is ending");
    }

    private static void Leave(Turn turn, string why)
    {
        var ending = new Ending(null, why);
        if (!turn.State.MayHaveProcesses) Settle(turn, ending);
        else if (turn.State.Phase.State != InstanceState.Stopping) End(turn, ending);
    }

    private static void ChangeAfter(Turn turn, string? blocker)
    {
        if (turn.State.Phase is not (Phase.Waiting or Phase.Promoting { By: null })) return;
        if (blocker is null && turn.State.Phase is Phase.Promoting)
        {
            Promote(turn);
            return;
        }

        if (blocker is null)
        {
            Prepare(turn, turn.State.Phase is Phase.Waiting { LeaseOnly: true } || turn.Spec.After.Count == 0 ? turn.State.Reason : "what it comes after is there");
            return;
        }

        if (turn.State.Reason == blocker) return;
        turn.To(turn.State.Phase, blocker);
        turn.Tell(EventKind.Waiting, blocker);
    }

    /// <summary>Killed at once, from wherever it is; what is at rest stays there.</summary>
    private static void Fence(Turn turn, string why)
    {
        if (turn.State.Phase is Phase.Fenced or Phase.Failed or Phase.Completed or Phase.Stopped or Phase.Emptying { Ending.Fence: true }) return;
        turn.Tell(EventKind.Fenced, why);
        var ending = new Ending(null, $"fenced: {why}", Fence: true);
        if (turn.State.MayHaveProcesses) Empty(turn, ending);
        else Settle(turn, ending);
    }

    private static bool IsAtRest(Instance instance) => instance.Phase is Phase.Failed or Phase.Completed or Phase.Fenced;

    /// <summary>Another release, other values or an operator's restart: the present tree is not the one that is wanted.</summary>
    private static bool IsReplaced(Instance instance) => instance.Active is { } active
        && (active.Incarnation < instance.Desired.Incarnation
            || !(DesiredInstances.SamePlan(active.Plan, instance.Desired.Plan) || Promotion.Awaits(active.Plan, instance.Desired.Plan)));

    private static string WhyReplaced(Instance instance)
    {
        var (active, desired) = (instance.Active!, instance.Desired);
        if (active.Plan.Release != desired.Plan.Release) return $"release {desired.Plan.Release} takes the place of {active.Plan.Release}";
        return active.Incarnation < desired.Incarnation ? "restart asked for" : "its plan has changed";
    }
}
