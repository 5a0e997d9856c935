namespace Holdfast.Core.Placement;

/// <summary>So many instances, at most one on a node.</summary>
internal static class ReplicaPlacement
{
    public static PlacementDecision Decide(PlacementQuestion asked)
    {
        var held = asked.Nodes.Where(node => asked.Present.Has(node.Name)).ToList();
        var right = held.Where(node => asked.Exclusion(node) is null && !asked.IsGone(node)).ToList();
        var chosen = Choose(asked, [], right);
        chosen = Choose(asked, chosen, asked.Nodes.Where(node => node.IsAlive && !asked.Present.Has(node.Name) && asked.Exclusion(node) is null));

        // Nobody can stand in for these. What is drained goes all the same, since somebody wants it empty; quarantine and loss empty nothing.
        var kept = Choose(asked, chosen, held.Where(node => !right.Contains(node) && node.Eligibility is not NodeEligibility.Drained && asked.Bar(node) is null));
        var resorts = kept.Skip(chosen.Count).ToList();
        var served = chosen.Count + resorts.Count(node => node.IsAlive);
        var waiting = chosen.Where(node => !node.IsAlive).ToList();
        var answer = asked.Answer(kept, asked.Spec.Replicas - served, Remarks(asked, held, kept, resorts, waiting));
        return answer with { LookAgainAt = waiting.Select(node => node.Presence).OfType<NodePresence.Lost>().Min(lost => (DateTimeOffset?)(lost.Since + asked.Spec.MoveAfter)) };
    }

    /// <summary>One after the other, as where the ones before are says where the next is best.</summary>
    private static List<NodeFacts> Choose(PlacementQuestion asked, List<NodeFacts> already, IEnumerable<NodeFacts> from)
    {
        var chosen = already.ToList();
        var left = from.ToList();
        while (chosen.Count < asked.Spec.Replicas && left.Count > 0)
        {
            var best = left
                .OrderBy(node => node.IsAlive ? 0 : 1)
                .ThenBy(node => Sharing(asked, chosen, node))
                .ThenBy(asked.Avoided)
                .ThenBy(asked.Preference)
                .ThenBy(asked.Instances)
                .ThenBy(node => node.Name, StringComparer.Ordinal)
                .First();
            chosen.Add(best);
            left.Remove(best);
        }

        return chosen;
    }

    /// <summary>How many replicas are where the label over which they are spread has the same value; nodes without the label are one such place.</summary>
    private static int Sharing(PlacementQuestion asked, List<NodeFacts> chosen, NodeFacts node) =>
        asked.Spec.Spread is { } label ? chosen.Count(other => other.Labels.GetValueOrDefault(label) == node.Labels.GetValueOrDefault(label)) : 0;

    private static List<string> Remarks(PlacementQuestion asked, List<NodeFacts> held, List<NodeFacts> kept, List<NodeFacts> resorts, List<NodeFacts> waiting)
    {
        var remarks = waiting.Select(node => $"{PlacementQuestion.Since(node)} and is waited for").ToList();
        remarks.AddRange(resorts.Select(node => $"it stays on {node.Name}, as no other node can have it: {asked.Exclusion(node) ?? PlacementQuestion.Since(node)}"));
        if (kept.Count < asked.Spec.Replicas)
        {
            remarks.AddRange(held
                .Where(node => node.Eligibility is NodeEligibility.Drained && asked.Bar(node) is null)
                .Select(node => $"{node.Name} gives it up all the same, though no other node can have it"));
        }

        return remarks;
    }
}
