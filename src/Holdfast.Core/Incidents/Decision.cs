using System.Text.Json.Serialization;
using Holdfast.Core.Leadership;
using Holdfast.Core.Placement;
using Holdfast.Core.Services;

namespace Holdfast.Core.Incidents;

/// <summary>One decision with everything that it was made from, and what came of it: enough to make it again.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OfLeadership), "leadership")]
[JsonDerivedType(typeof(OfLease), "lease")]
[JsonDerivedType(typeof(OfHold), "hold")]
[JsonDerivedType(typeof(OfPlacement), "placement")]
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>A step of <see cref="LeadershipMachine"/>.</summary>
    /// <param name="Before">The state that it began with.</param>
    /// <param name="Clock">Since boot, suspend included.</param>
    /// <param name="Wall">The time of day.</param>
    public sealed record OfLeadership(LeadershipState Before, LeadershipInput Input, TimeSpan Clock, DateTimeOffset Wall, LeadershipStep Step) : Decision;

    /// <summary>A step of <see cref="LeaseMachine"/>.</summary>
    /// <param name="Before">The state that it began with.</param>
    /// <param name="Clock">Since boot, suspend included.</param>
    /// <param name="Kill">The longest that killing had taken on this node.</param>
    public sealed record OfLease(LeaseState Before, LeaseInput Input, TimeSpan Clock, TimeSpan Kill, LeaseStep Step) : Decision;

    /// <summary>A step of <see cref="HoldMachine"/>.</summary>
    /// <param name="Before">The state that it began with.</param>
    /// <param name="Clock">Since boot, suspend included.</param>
    public sealed record OfHold(HoldState Before, HoldInput Input, TimeSpan Clock, HoldStep Step) : Decision;

    /// <summary>An answer of <see cref="PlacementMachine"/>.</summary>
    /// <param name="Spec">Without what it says of promoting, which decides nothing here.</param>
    /// <param name="Present">Where it was placed.</param>
    /// <param name="Others">The other services that matter to this one.</param>
    /// <param name="OthersOn">How many other services run on each node; a node that is not in it: none.</param>
    /// <param name="Wall">The time of day.</param>
    public sealed record OfPlacement(
        PlacementSpec Spec, PlacementRecord Present, IReadOnlyList<NodeFacts> Nodes, IReadOnlyList<OtherPlacement> Others, IReadOnlyDictionary<string, int> OthersOn, DateTimeOffset Wall,
        PlacementDecision Answer) : Decision;
}
