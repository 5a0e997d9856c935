namespace Holdfast.Core.Placement;

/// <summary>The nodes that a service is placed on: where it is to run, or with active-standby, who may lead it, the best first.</summary>
public sealed record PlacementRecord(IReadOnlyList<string> Nodes)
{
    public static PlacementRecord None { get; } = new([]);

    public bool Has(string node) => Nodes.Contains(node);
}
