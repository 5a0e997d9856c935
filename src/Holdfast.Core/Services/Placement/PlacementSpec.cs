using Holdfast.Core.Leadership;

namespace Holdfast.Core.Services;

/// <summary>On which nodes of a cluster a service runs, and what happens when one of them is lost.</summary>
public sealed record PlacementSpec
{
    public PlacementMode Mode { get; init; } = PlacementMode.Replicas;

    /// <summary>So many instances, at most one on a node. Only with <see cref="PlacementMode.Replicas"/>.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The nodes that it is rather on, the best first.</summary>
    public IReadOnlyList<string> Preferred { get; init; } = [];

    /// <summary>The only nodes that it may be on. Null: every node.</summary>
    public IReadOnlyList<string>? Possible { get; init; }

    /// <summary>It is only on nodes that have all of these.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = Empty.Strings;

    /// <summary>Services that it is rather not on one node with.</summary>
    public IReadOnlyList<string> Avoid { get; init; } = [];

    /// <summary>Services that it is never on one node with.</summary>
    public IReadOnlyList<string> NeverWith { get; init; } = [];

    /// <summary>The label of nodes over whose values replicas are spread; null: none.</summary>
    public string? Spread { get; init; }

    /// <summary>A node that has been lost for so long gives its replica to another.</summary>
    public TimeSpan MoveAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How a node that does not lead stands by.</summary>
    public Standby Standby { get; init; } = Standby.Warm;

    /// <summary>How a hot standby is told that it leads; null: there is none.</summary>
    public PromoteSpec? Promote { get; init; }

    public StoreLossPolicy OnStoreLoss { get; init; } = StoreLossPolicy.Stop;

    public FailoverBudget Failover { get; init; } = FailoverBudget.Default;

    public FailbackSpec Failback { get; init; } = new(FailbackMode.Manual);
}
