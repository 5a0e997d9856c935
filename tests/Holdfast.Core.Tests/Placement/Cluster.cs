using Holdfast.Core.Placement;
using Holdfast.Core.Services;

namespace Holdfast.Core.Tests.Placement;

/// <summary>Nodes and services in few words.</summary>
internal static class Cluster
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    public static NodeFacts Node(string name, params (string Label, string Text)[] labels) => new(name, new NodePresence.Alive(), new NodeEligibility.Active())
    {
        Labels = labels.ToDictionary(label => label.Label, label => label.Text),
    };

    public static IReadOnlyList<NodeFacts> Nodes(params string[] names) => [.. names.Select(name => Node(name))];

    public static NodeFacts LostFor(this NodeFacts node, double seconds) => node with { Presence = new NodePresence.Lost(Noon.AddSeconds(-seconds)) };

    public static NodeFacts Drained(this NodeFacts node) => node with { Eligibility = new NodeEligibility.Drained("new disks") };

    public static NodeFacts Quarantined(this NodeFacts node) => node with { Eligibility = new NodeEligibility.Quarantined("lost 3 times") };

    public static IReadOnlyList<NodeFacts> With(this IReadOnlyList<NodeFacts> nodes, string name, Func<NodeFacts, NodeFacts> change) =>
        [.. nodes.Select(node => node.Name == name ? change(node) : node)];

    public static PlacementSpec Replicas(int count) => new() { Replicas = count };

    public static PlacementRecord On(params string[] nodes) => new(nodes);

    public static OtherPlacement Other(string service, params string[] nodes) => new(service, nodes, [], []);

    public static PlacementDecision Decide(PlacementSpec spec, PlacementRecord present, IReadOnlyList<NodeFacts> nodes, params OtherPlacement[] others) =>
        PlacementMachine.Decide("orders", spec, present, nodes, others, Noon);
}
