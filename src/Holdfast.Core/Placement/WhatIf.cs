using Holdfast.Core.Services;

namespace Holdfast.Core.Placement;

/// <summary>Asks the decisions themselves what they would do: nothing about placement is thought twice.</summary>
public static class WhatIf
{
    /// <summary>For each node that is alive: if it were lost for good, where everything on it would go.</summary>
    public static IReadOnlyList<NodeLoss> EachNodeLost(IReadOnlyList<NodeFacts> nodes, IReadOnlyList<PlacedService> services, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return [.. nodes.Where(node => node.IsAlive).OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => Lost(node.Name, nodes, services, now))];
    }

    private static NodeLoss Lost(string lost, IReadOnlyList<NodeFacts> nodes, IReadOnlyList<PlacedService> services, DateTimeOffset now)
    {
        List<NodeFacts> world = [.. nodes.Select(node => node.Name == lost ? node with { Presence = new NodePresence.Lost(DateTimeOffset.MinValue) } : node)];
        var current = new PlacedServices(services);
        var losses = new List<ServiceLoss>();
        // A lease is over sooner than a replica is moved.
        foreach (var service in services.OrderBy(service => service.Spec.Mode == PlacementMode.ActiveStandby ? 0 : 1).ThenBy(service => service.Service, StringComparer.Ordinal))
        {
            if (!service.Placement.Has(lost) && service.Leader != lost) continue;
            var decision = current.Decide(service.Service, service.Spec, service.Placement, world, now);
            var why = string.Join("; ", world.Where(node => node.Name != lost).OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => WhyNot(node, decision)).OfType<string>());
            var nowhere = new ServiceLoss(service.Service, [], true, $"{service.Service} has nowhere to go: {(why.Length > 0 ? why : "there is no other node")}");
            var (after, loss) = service.Spec.Mode switch
            {
                PlacementMode.ActiveStandby => Led(service, decision, lost, world, nowhere),
                PlacementMode.Everywhere => (service, decision.Missing > 0 ? nowhere : null),
                _ => (service with { Placement = decision.Placement }, Moved(service, decision, lost, nowhere)),
            };
            current.Put(after);
            if (loss is not null) losses.Add(loss);
        }

        return new(lost, losses);
    }

    private static (PlacedService After, ServiceLoss? Loss) Led(PlacedService service, PlacementDecision decision, string lost, List<NodeFacts> world, ServiceLoss nowhere)
    {
        var next = decision.Placement.Nodes.Where(name => world.Exists(node => node.Name == name && node.IsAlive)).ToList();
        if (service.Leader == lost)
        {
            return next.Count > 0
                ? (service with { Leader = next[0] }, new(service.Service, [next[0]], false, $"{service.Service} fails over to {next[0]}"))
                : (service with { Leader = null }, nowhere);
        }

        return service.Leader is not { } leader || next.Exists(name => name != leader)
            ? (service, null)
            : (service, new(service.Service, [], false, $"{service.Service} stays on {leader}, and has nobody left to fail over to"));
    }

    private static ServiceLoss Moved(PlacedService service, PlacementDecision decision, string lost, ServiceLoss nowhere)
    {
        if (decision.Placement.Has(lost)) return nowhere;
        return decision.Joining.Count > 0
            ? new(service.Service, decision.Joining, false, $"{service.Service} moves to {string.Join(", ", decision.Joining)}")
            : new(service.Service, [], false, $"{service.Service} has enough replicas without it");
    }

    private static string? WhyNot(NodeFacts node, PlacementDecision decision) =>
        decision.Refusals.GetValueOrDefault(node.Name) ?? (node.IsAlive ? null : PlacementQuestion.Since(node));
}
