namespace Holdfast.Core.Placement;

/// <summary>Where a service is to be from now on.</summary>
/// <param name="Reason">What changes and why, and what is not as it should be.</param>
/// <param name="Refusals">By node: why it cannot have the service now, in a sentence. Nodes that could, and are not needed, are not in it.</param>
public sealed record PlacementDecision(PlacementRecord Placement, string Reason, IReadOnlyDictionary<string, string> Refusals)
{
    /// <summary>Nodes that it was not placed on.</summary>
    public required IReadOnlyList<string> Joining { get; init; }

    /// <summary>Nodes that it is no longer placed on.</summary>
    public required IReadOnlyList<string> Leaving { get; init; }

    /// <summary>So many replicas have no node, or a lost one that no other can stand in for. Of a service that runs once or everywhere: 1 if no node can have it.</summary>
    public int Missing { get; init; }

    /// <summary>When time alone will have changed the decision; null: never.</summary>
    public DateTimeOffset? LookAgainAt { get; init; }

    public bool Changes => Joining.Count + Leaving.Count > 0;
}
