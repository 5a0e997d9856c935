using Holdfast.Core.Leadership;
using Holdfast.Core.Operations;
using Holdfast.Core.Placement;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.State;

namespace Holdfast.Node.Clusters;

/// <summary>What the store says of one service's leadership.</summary>
internal static class LeadershipViews
{
    /// <param name="now">For what is wanted of nodes until some time.</param>
    public static LeadershipView Of(ClusterImage image, ServiceRecord? service, PlacementDocument placement, DateTimeOffset now)
    {
        var name = placement.Service;
        var (leader, last) = (image.Leaders.Find(name), image.Epochs.Find(name));
        return new(
            image.Revision, leader?.Value.Leader, leader?.Revision ?? 0, Last(image, last?.Value) ?? new LastEpoch(image.EpochFloor, "", [], GivenBack: true), last?.Revision ?? 0,
            image.Moves.Find(name)?.Value.To, image.IsPaused, [.. Candidates(image, service, placement, now)]);
    }

    /// <summary>Who may lead, the leader included: those whose promises hold an epoch while the store is away. Null: the service is not to be held.</summary>
    public static IReadOnlyList<string>? Peers(PlacementDocument placement, string node) =>
        placement.IsLed && placement.Spec.OnStoreLoss == StoreLossPolicy.HoldIfAllPeersAgree ? [.. placement.Nodes.Append(node).Distinct().Order(StringComparer.Ordinal)] : null;

    /// <summary>Where every node that might know of its leader was taken out of the cluster, somebody has said that they are gone.</summary>
    private static LastEpoch? Last(ClusterImage image, EpochDocument? document) =>
        document is { Peers: { } peers } && !peers.Any(peer => image.Nodes.Find(peer) is not null) ? document.Last with { Peers = null } : document?.Last;

    /// <summary>The same, whatever the rest of the store did meanwhile.</summary>
    public static bool Same(LeadershipView? one, LeadershipView other) =>
        one is not null && one.Leader == other.Leader && one.LeaderRevision == other.LeaderRevision && one.LastRevision == other.LastRevision
        && one.SwitchTo == other.SwitchTo && one.Paused == other.Paused && one.Candidates.SequenceEqual(other.Candidates);

    /// <summary>A leader that is not to be there any more is one that does not want to lead.</summary>
    private static IEnumerable<Candidate> Candidates(ClusterImage image, ServiceRecord? service, PlacementDocument placement, DateTimeOffset now) =>
        from node in image.Leaders.Find(placement.Service) is { } leader ? placement.Nodes.Append(leader.Value.Node).Distinct() : placement.Nodes
        let presence = image.Presences.Find(node)
        where presence is not null
        let report = image.Report(node, placement.Service)
        select new Candidate(
            node, presence.Value.Lease, Owners.Preference(placement.Spec, node, placement.Avoided.Contains(node)), Readiness(service, report), Ready: true,
            Excluded(image, service, placement, presence.Value, report, now));

    /// <summary>What runs and is not ready, or is of another release, serves no sooner than what does not run.</summary>
    private static Standby Readiness(ServiceRecord? service, InstanceReport? report) => report switch
    {
        null => Standby.Cold,
        { IsHot: true, State: InstanceState.Running, Ready: true } when report.Release == service?.Release && report.Incarnation == service.Incarnation => Standby.Hot,
        _ => Standby.Warm,
    };

    /// <summary>Why a node is not to lead now; null: it can.</summary>
    private static string? Excluded(ClusterImage image, ServiceRecord? service, PlacementDocument placement, Presence presence, InstanceReport? report, DateTimeOffset now)
    {
        var node = presence.Node;
        if (service is null || service.Removing) return "the service is being removed";
        if (service.Run == RunState.Stopped) return "the service is stopped";
        if (!placement.Nodes.Contains(node)) return $"it is not to be on {node}: {placement.Reason}";
        if (image.NodeOrders.Find(node)?.Value is { } order && (order.Until is not { } until || now < until)) return $"{node} is {(order.Kind == NodeOrderKind.Drain ? "drained" : "in quarantine")}: {order.Why}";
        if (image.Nodes.Find(node)?.Value.Watchdog is { Why: { Length: > 0 } missing }) return $"the watchdog of {node} cannot be had: {missing}";
        if (presence.Leaving.Length > 0) return $"{node} is about to go: {presence.Leaving}";
        if (report is { State: InstanceState.Failed } && report.Incarnation == service.Incarnation && report.Release == service.Release) return $"it failed on {node}: {report.Reason}";
        return null;
    }
}
