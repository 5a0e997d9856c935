using Holdfast.Core.Placement;

namespace Holdfast.Node.Clusters;

/// <summary>Counts how often nodes are lost, as the node that places services sees it. Another one that does it later begins to count anew.</summary>
internal sealed class NodeQuarantine
{
    private readonly Dictionary<string, QuarantineState> states = new(StringComparer.Ordinal);
    private HashSet<string> present = new(StringComparer.Ordinal), ordered = new(StringComparer.Ordinal), leaving = new(StringComparer.Ordinal);

    public void Forget()
    {
        states.Clear();
        present.Clear();
        ordered.Clear();
        leaving.Clear();
    }

    /// <summary>Nodes that are to be in quarantine now, and why.</summary>
    public IReadOnlyList<(NodeOrder Order, string Why)> Look(ClusterImage image, DateTimeOffset now)
    {
        List<(NodeOrder, string)> orders = [];
        HashSet<string> there = [.. image.Presences.Documents.Keys], wanted = [.. image.NodeOrders.Documents.Keys];
        // Somebody resumed it, or its time was over: what it lost before counts no more.
        foreach (var released in ordered.Except(wanted)) Step(image, released, new QuarantineInput.Released(), now);
        ordered = wanted;
        foreach (var lost in present.Except(there).Where(image.Nodes.Documents.ContainsKey).Order(StringComparer.Ordinal))
        {
            // Who said that it would go is not lost.
            var planned = leaving.Contains(lost) || ClusterWorld.Order(image, lost, now) is not null;
            var step = Step(image, lost, new QuarantineInput.LeaseLost(planned), now);
            if (step.State.Until is { } until && !planned) orders.Add((new NodeOrder(lost, NodeOrderKind.Quarantine, step.Reason, "the cluster", now, until), step.Reason));
        }

        present = there;
        leaving = [.. image.Presences.Documents.Values.Where(presence => presence.Value.Leaving.Length > 0).Select(presence => presence.Value.Node)];
        return orders;
    }

    /// <summary>Nodes whose quarantine is over, by its time or because no other is fit.</summary>
    public static IReadOnlyList<string> Ended(ClusterImage image, DateTimeOffset now) =>
    [
        .. image.NodeOrders.Documents.Values.Select(order => order.Value)
            .Where(order => order is { Kind: NodeOrderKind.Quarantine, Until: { } until } && (until <= now || Peers(image, order.Node, now).Fit == 0))
            .Select(order => order.Node),
    ];

    private QuarantineStep Step(ClusterImage image, string node, QuarantineInput input, DateTimeOffset now)
    {
        var step = QuarantineMachine.Step(states.GetValueOrDefault(node, QuarantineState.None), input, Peers(image, node, now), QuarantineTerms.Default, now);
        states[node] = step.State;
        return step;
    }

    private static QuarantinePeers Peers(ClusterImage image, string but, DateTimeOffset now)
    {
        var others = image.Nodes.Documents.Keys.Where(name => name != but).ToList();
        return new(
            others.Count + 1,
            others.Count(name => ClusterWorld.Order(image, name, now)?.Kind == NodeOrderKind.Quarantine),
            others.Count(name => image.Presences.Find(name) is not null && ClusterWorld.Order(image, name, now) is null));
    }
}
