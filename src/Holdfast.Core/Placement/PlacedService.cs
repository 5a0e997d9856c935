using Holdfast.Core.Services;

namespace Holdfast.Core.Placement;

/// <summary>A service of the cluster and where it is.</summary>
/// <param name="Leader">With active-standby: the node that leads; null: nobody does.</param>
public sealed record PlacedService(string Service, PlacementSpec Spec, PlacementRecord Placement, string? Leader = null)
{
    /// <summary>Where it runs, or is to.</summary>
    public IReadOnlyList<string> Runs => Spec.Mode != PlacementMode.ActiveStandby ? Placement.Nodes : Leader is null ? [] : [Leader];

    /// <summary>As the decisions about other services see it.</summary>
    public OtherPlacement AsOther => new(Service, Runs, Spec.Avoid, Spec.NeverWith);
}
