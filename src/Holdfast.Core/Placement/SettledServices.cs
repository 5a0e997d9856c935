using Holdfast.Core.Services;

namespace Holdfast.Core.Placement;

/// <summary>
/// What earlier looks found to be where it should be. It is not asked about again while nothing has changed of what its decision rests on: its spec, its place and the nodes, all of
/// them there. How many others a node has is no part of that: it says where something goes, and not that it goes (<see cref="PlacementMachine"/>). What is near other services is
/// asked about each time.
/// </summary>
public sealed class SettledServices
{
    private Dictionary<string, Settled> before = [], now = [];
    private IReadOnlyList<NodeFacts> nodes = [];

    /// <summary>A look begins. What the last one did not come to is forgotten.</summary>
    public void Begin(IReadOnlyList<NodeFacts> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        before = nodes.SequenceEqual(this.nodes) ? now : [];
        now = new(StringComparer.Ordinal);
        this.nodes = nodes;
    }

    /// <summary>Remembers what was decided, if it is to stay as it is.</summary>
    /// <param name="spec">The very one that it is asked with again.</param>
    /// <param name="placed">The very list that it is placed by.</param>
    public void Add(string service, PlacementSpec spec, IReadOnlyList<string> placed, PlacementDecision decision, PlacedServices services)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(placed);
        ArgumentNullException.ThrowIfNull(services);
        // Where a node is lost, time alone changes decisions.
        var stays = decision.LookAgainAt is null && decision.Placement.Nodes.SequenceEqual(placed);
        if (stays && services.IsAlone(service, spec) && nodes.All(node => node.IsAlive)) now[service] = new(spec, placed);
    }

    /// <summary>A decision about it would change nothing.</summary>
    public bool Has(string service, PlacementSpec spec, IReadOnlyList<string> placed, PlacedServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!before.TryGetValue(service, out var found) || !ReferenceEquals(found.Spec, spec) || !ReferenceEquals(found.Placed, placed) || !services.IsAlone(service, spec)) return false;
        now[service] = found;
        return true;
    }

    /// <summary>What is decided next is decided anew.</summary>
    public void Forget() => (before, now, nodes) = ([], [], []);

    private sealed record Settled(PlacementSpec Spec, IReadOnlyList<string> Placed);
}
