using Holdfast.Core.Services;

namespace Holdfast.Core.Placement;

/// <summary>
/// Where a service is to be, as one pure function of what is wanted, what there is and where it is now. Its promises: asked again about its own
/// result it changes nothing; it moves nothing that is right where it is; and everybody who asks with the same world gets the same answer.
/// </summary>
public static class PlacementMachine
{
    /// <param name="present">Where it is placed now.</param>
    /// <param name="nodes">All nodes of the cluster.</param>
    /// <param name="others">All other services of the cluster.</param>
    /// <param name="now">The time of day, as <see cref="NodePresence.Lost.Since"/> counts it.</param>
    public static PlacementDecision Decide(
        string service, PlacementSpec spec, PlacementRecord present, IReadOnlyList<NodeFacts> nodes, IReadOnlyList<OtherPlacement> others, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Decide(new(service, spec, present, nodes, others, node => others.Count(other => other.IsOn(node)), now));
    }

    internal static PlacementDecision Decide(PlacementQuestion question) => question.Spec.Mode switch
    {
        PlacementMode.Everywhere => Everywhere(question),
        PlacementMode.ActiveStandby => ActiveStandby(question),
        _ => ReplicaPlacement.Decide(question),
    };

    /// <summary>What is lost stays placed: it goes on where it was when the node is back.</summary>
    private static PlacementDecision Everywhere(PlacementQuestion asked)
    {
        var chosen = asked.Nodes.Where(node => asked.Exclusion(node) is null && (node.IsAlive || asked.Present.Has(node.Name))).ToList();
        return asked.Answer(chosen, chosen.Exists(node => node.IsAlive) ? 0 : 1, []);
    }

    /// <summary>Who may lead. A lost node stays among them: its word ends with its lease, and nothing has to be told when it is back.</summary>
    private static PlacementDecision ActiveStandby(PlacementQuestion asked)
    {
        var chosen = asked.Nodes.Where(node => asked.Exclusion(node) is null).ToList();
        return asked.Answer(chosen, chosen.Exists(node => node.IsAlive) ? 0 : 1, []);
    }
}
