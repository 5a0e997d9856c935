using Holdfast.Cli.Output;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;

namespace Holdfast.Cli.Documents;

/// <summary>A decision in words: what was heard, what was decided, and why.</summary>
internal static class DecisionText
{
    public static string Heard(Decision decision) => decision switch
    {
        Decision.OfLeadership made => Heard(made.Input),
        Decision.OfLease made => Heard(made.Input),
        Decision.OfHold made => Heard(made.Input),
        Decision.OfPlacement made => $"it is placed on {Names(made.Present.Nodes)}",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "No such decision."),
    };

    public static string Decided(Decision decision) => decision switch
    {
        Decision.OfLeadership made => Decided(Phase(made.Before.Phase), Phase(made.Step.State.Phase), made.Step.Effects.Select(Wanted)),
        Decision.OfLease made => Decided(Phase(made.Before), Phase(made.Step.State), made.Step.Effects.Select(Wanted)),
        Decision.OfHold made => Decided(Phase(made.Before), Phase(made.Step.State), made.Step.Effects.Select(Wanted)),
        Decision.OfPlacement made => $"its place is {Names(made.Answer.Placement.Nodes)}",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "No such decision."),
    };

    public static string Why(Decision decision) => decision switch
    {
        Decision.OfLeadership made => made.Step.Reason,
        Decision.OfLease made => made.Step.Reason,
        Decision.OfHold made => made.Step.Reason,
        Decision.OfPlacement made => made.Answer.Reason,
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "No such decision."),
    };

    /// <summary>For machines: leadership, lease, hold, placement.</summary>
    public static string Kind(Decision decision) => decision switch
    {
        Decision.OfLeadership => "leadership",
        Decision.OfLease => "lease",
        Decision.OfHold => "hold",
        Decision.OfPlacement => "placement",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "No such decision."),
    };

    internal static string Heard(LeadershipInput input) => input switch
    {
        LeadershipInput.TimePassed => "time passed",
        LeadershipInput.Saw { View: var view } => view.Leader is { } leader
            ? $"the store at {view.Revision}: {leader.Node} leads in epoch {leader.Epoch}{Wish(view)}"
            : $"the store at {view.Revision}: nobody leads after epoch {view.Last.Epoch}{Wish(view)}",
        LeadershipInput.LeaseIs { Lease: { } lease } => $"the node's lease is {lease}",
        LeadershipInput.LeaseIs => "the node has no lease",
        LeadershipInput.Held held => $"all peers have promised not to lead above epoch {held.Epoch}",
        LeadershipInput.Attached attached => $"epoch {attached.Epoch} is under lease {attached.Lease}",
        LeadershipInput.Promised { Promise: var promise } => $"this node has promised not to lead above epoch {promise.Epoch}",
        LeadershipInput.Ended ended => $"nothing of epoch {ended.Epoch} runs any more",
        LeadershipInput.Changed changed => $"change {changed.Attempt} of the store: {changed.End.ToString().ToLowerInvariant()}",
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "No such input."),
    };

    internal static string Heard(LeaseInput input) => input switch
    {
        LeaseInput.TimePassed => "time passed",
        LeaseInput.Granted granted => $"lease {granted.Id} was granted for {Human.Duration(granted.Length)}",
        LeaseInput.Renewed renewed => $"lease {renewed.Id} was renewed",
        LeaseInput.Unanswered => "no answer",
        LeaseInput.Gone gone => $"lease {gone.Id} is gone",
        LeaseInput.TimeDoubted => "time is in doubt",
        LeaseInput.GivenUp given => $"the lease is to be given up: {given.Why}",
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "No such input."),
    };

    internal static string Heard(HoldInput input) => input switch
    {
        HoldInput.TimePassed => "time passed",
        HoldInput.Renewed renewed => $"lease {renewed.Lease} was renewed",
        HoldInput.Lost lost => $"lease {lost.Lease} is lost",
        HoldInput.Saw { View: var view, Peers: var peers } => $"{Heard(new LeadershipInput.Saw(view))}; {(peers is null ? "it is not to be held" : $"who must agree: {Names(peers)}")}",
        HoldInput.Promised promised => $"{promised.Peer} promised not to lead",
        HoldInput.Changed changed => $"change {changed.Attempt} of the store: {changed.End.ToString().ToLowerInvariant()}",
        HoldInput.TimeDoubted => "time is in doubt",
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "No such input."),
    };

    internal static string Wanted(HoldEffect effect) => effect switch
    {
        HoldEffect.Name { Last.Peers: { } peers } => $"writes down who must agree: {Names(peers)}",
        HoldEffect.Name => "writes down that nobody need agree",
        HoldEffect.Attach attach => $"puts epoch {attach.Leader.Epoch} under lease {attach.Leader.Lease}",
        HoldEffect.Ask ask => $"asks {Names(ask.Peers)} to promise not to lead",
        HoldEffect.Extend => "extends what acts in the epoch",
        HoldEffect.HoldBack => "lets nothing new in",
        HoldEffect.Fence => "fences what acts in the epoch",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "No such effect."),
    };

    internal static string Phase(HoldState state) => state switch
    {
        { IsOver: true } => "over",
        { Own: null } => "held",
        { Own: { } own } => own.Id == state.Lease ? "leased" : "held",
    };

    internal static string Wanted(LeadershipEffect effect) => effect switch
    {
        LeadershipEffect.Take take => $"asks for epoch {take.Epoch}",
        LeadershipEffect.HandOver over => $"hands epoch {over.To.Epoch} to {over.To.Node}",
        LeadershipEffect.Release => "gives leadership back",
        LeadershipEffect.Act act => $"lets it act in epoch {act.Epoch}",
        LeadershipEffect.Stop stop => stop.AtOnce ? $"ends epoch {stop.Epoch} at once" : $"stops what acts in epoch {stop.Epoch}",
        LeadershipEffect.Alarm => "calls somebody",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "No such effect."),
    };

    internal static string Wanted(LeaseEffect effect) => effect switch
    {
        LeaseEffect.Ask => "asks for a lease",
        LeaseEffect.Renew renew => $"renews lease {renew.Id}",
        LeaseEffect.Extend extend => $"extends what acts under lease {extend.Id}",
        LeaseEffect.HoldBack back => $"lets nothing new in under lease {back.Id}",
        LeaseEffect.Fence fence => $"fences what acts under lease {fence.Id}",
        LeaseEffect.Revoke revoke => $"gives lease {revoke.Id} up",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "No such effect."),
    };

    internal static string Phase(LeadershipPhase phase) => phase switch
    {
        LeadershipPhase.Following => "following",
        LeadershipPhase.Taking => "taking",
        LeadershipPhase.Acting => "acting",
        LeadershipPhase.Stopping => "stopping",
        LeadershipPhase.Giving => "giving",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "No such phase."),
    };

    internal static string Phase(LeaseState state) => state switch
    {
        LeaseState.None => "no lease",
        LeaseState.Asked => "asked",
        LeaseState.Held { Doubt: null } => "held",
        LeaseState.Held => "in doubt",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    private static string Decided(string before, string after, IEnumerable<string> wanted)
    {
        var effects = string.Join(", ", wanted);
        var moved = before == after ? before : $"{before} → {after}";
        return effects.Length > 0 ? $"{moved}: {effects}" : moved;
    }

    private static string Wish(LeadershipView view) => (view.SwitchTo is { } to ? $", wanted on {to}" : "") + (view.Paused ? ", paused" : "");

    private static string Names(IReadOnlyList<string> nodes) => nodes.Count == 0 ? "no node" : string.Join(", ", nodes);
}
