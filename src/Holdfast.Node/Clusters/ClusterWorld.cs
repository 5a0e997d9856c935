using Holdfast.Core.Placement;
using Holdfast.Node.State;

namespace Holdfast.Node.Clusters;

/// <summary>The cluster as decisions about placement see it.</summary>
internal static class ClusterWorld
{
    /// <param name="image">What the store says.</param>
    /// <param name="lost">By node: since when it has been seen to be away.</param>
    /// <param name="now">For what is wanted of nodes until some time.</param>
    public static IReadOnlyList<NodeFacts> Nodes(ClusterImage image, IReadOnlyDictionary<string, DateTimeOffset> lost, DateTimeOffset now) =>
    [
        .. image.Nodes.Documents.Values.Select(node => node.Value).OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => new NodeFacts(node.Name, Presence(image, node, lost, now), Eligibility(image, node, now))
        {
            Labels = node.Labels,
            Cpus = node.Processors,
            MemoryBytes = node.MemoryBytes,
            OperatingSystem = node.OperatingSystem,
            Version = node.Version,
        }),
    ];

    /// <summary>Services with a place, and where they are.</summary>
    public static List<PlacedService> Services(ClusterImage image) =>
    [
        .. image.Placements.Documents.Values.Select(placement => placement.Value).OrderBy(placement => placement.Service, StringComparer.Ordinal)
            .Select(placement => new PlacedService(placement.Service, placement.Spec, new(placement.Nodes), image.Leaders.Find(placement.Service)?.Value.Node)),
    ];

    /// <summary>What is wanted of a node at that time; null: nothing but that it works.</summary>
    public static NodeOrder? Order(ClusterImage image, string node, DateTimeOffset now) =>
        image.NodeOrders.Find(node)?.Value is { } order && (order.Until is not { } until || now < until) ? order : null;

    private static NodePresence Presence(ClusterImage image, NodeRecord node, IReadOnlyDictionary<string, DateTimeOffset> lost, DateTimeOffset now) =>
        image.Presences.Find(node.Name) is not null ? new NodePresence.Alive() : new NodePresence.Lost(lost.TryGetValue(node.Name, out var since) ? since : now);

    private static NodeEligibility Eligibility(ClusterImage image, NodeRecord node, DateTimeOffset now) => Order(image, node.Name, now) switch
    {
        { Kind: NodeOrderKind.Drain } order => new NodeEligibility.Drained(order.Why),
        { } order => new NodeEligibility.Quarantined(order.Why),
        _ => new NodeEligibility.Active(),
    };
}
