using Holdfast.Core.Leadership;

namespace Holdfast.Node.Clusters;

/// <summary>What there is to fence with, as the store's documents say.</summary>
internal static class Fences
{
    /// <summary>On one node. Nobody knows of a node that has never said anything, so nothing is claimed for it.</summary>
    /// <param name="service">Null: for whatever service has no supervisor of its own.</param>
    public static Fence On(ClusterImage image, string node, PlacementDocument? service)
    {
        var watchdog = image.Nodes.Find(node)?.Value.Watchdog;
        return Fence.Of(new(node, watchdog?.Device, watchdog?.Ready ?? false, watchdog?.Why ?? "", service?.OwnSupervisor ?? false));
    }

    /// <summary>On each node that the service may be on, away or not.</summary>
    public static IReadOnlyList<Fence> Of(ClusterImage image, PlacementDocument service) => [.. service.Nodes.Order(StringComparer.Ordinal).Select(node => On(image, node, service))];
}
