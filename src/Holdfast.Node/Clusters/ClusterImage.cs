using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Storage;
using Operation = Holdfast.Core.Operations.Operation;

namespace Holdfast.Node.Clusters;

/// <summary>What the store says, at one revision: all that nodes decide by. Releases and past operations are read when they are asked for.</summary>
internal sealed record ClusterImage
{
    public static ClusterImage Empty { get; } = new();

    public long Revision { get; init; }

    public Shelf<ServiceRecord> Services { get; init; } = Shelf<ServiceRecord>.Empty(StateKeys.Services, StateJson.Default.DocumentServiceRecord);

    public Shelf<Operation> Operations { get; init; } = Shelf<Operation>.Empty(StateKeys.Operations, StateJson.Default.DocumentOperation);

    public Shelf<NodeRecord> Nodes { get; init; } = Shelf<NodeRecord>.Empty(StateKeys.Nodes, StateJson.Default.DocumentNodeRecord);

    public Shelf<NodeOrder> NodeOrders { get; init; } = Shelf<NodeOrder>.Empty(StateKeys.NodeOrders, StateJson.Default.DocumentNodeOrder);

    public Shelf<Presence> Presences { get; init; } = Shelf<Presence>.Empty(StateKeys.Presences, StateJson.Default.DocumentPresence);

    /// <summary>By NODE/SERVICE.</summary>
    public Shelf<InstanceReport> Reports { get; init; } = Shelf<InstanceReport>.Empty(StateKeys.Instances, StateJson.Default.DocumentInstanceReport);

    public Shelf<PlacementDocument> Placements { get; init; } = Shelf<PlacementDocument>.Empty(StateKeys.Placements, StateJson.Default.DocumentPlacementDocument);

    public Shelf<LeaderDocument> Leaders { get; init; } = Shelf<LeaderDocument>.Empty(StateKeys.Leaders, StateJson.Default.DocumentLeaderDocument);

    public Shelf<EpochDocument> Epochs { get; init; } = Shelf<EpochDocument>.Empty(StateKeys.Epochs, StateJson.Default.DocumentEpochDocument);

    public Shelf<MoveDocument> Moves { get; init; } = Shelf<MoveDocument>.Empty(StateKeys.Moves, StateJson.Default.DocumentMoveDocument);

    public Shelf<PlannedMove> PlannedMoves { get; init; } = Shelf<PlannedMove>.Empty(StateKeys.PlannedMoves, StateJson.Default.DocumentPlannedMove);

    public Shelf<PauseDocument> Cluster { get; init; } = Shelf<PauseDocument>.Empty(StateKeys.Cluster, StateJson.Default.DocumentPauseDocument);

    public Shelf<FloorDocument> Floor { get; init; } = Shelf<FloorDocument>.Empty(StateKeys.EpochFloor, StateJson.Default.DocumentFloorDocument);

    /// <summary>One document, by no name.</summary>
    public Shelf<RevocationsDocument> Revocations { get; init; } = Shelf<RevocationsDocument>.Empty(StateKeys.Revocations, StateJson.Default.DocumentRevocationsDocument);

    /// <summary>The prefixes of what is kept here.</summary>
    public static IReadOnlyList<string> Prefixes { get; } =
    [
        StateKeys.Services, StateKeys.Operations, StateKeys.Nodes, StateKeys.NodeOrders, StateKeys.Presences, StateKeys.Instances,
        StateKeys.Placements, StateKeys.Leaders, StateKeys.Epochs, StateKeys.Moves, StateKeys.Cluster, StateKeys.EpochFloor, StateKeys.Revocations, StateKeys.PlannedMoves,
    ];

    /// <summary>No epoch is given that is not higher.</summary>
    public long EpochFloor => Floor.Find("")?.Value.Epoch ?? 0;

    public bool IsPaused => Cluster.Find("pause") is not null;

    public IEnumerable<Problem> Damaged =>
    [
        .. Services.Damaged.Values, .. Operations.Damaged.Values, .. Nodes.Damaged.Values, .. NodeOrders.Damaged.Values, .. Presences.Damaged.Values, .. Reports.Damaged.Values,
        .. Placements.Damaged.Values, .. Leaders.Damaged.Values, .. Epochs.Damaged.Values, .. Moves.Damaged.Values, .. Cluster.Damaged.Values, .. Floor.Damaged.Values,
        .. Revocations.Damaged.Values, .. PlannedMoves.Damaged.Values,
    ];

    /// <summary>The node that does what one alone should do for all: the one that has been there the longest. Two may think so for a moment; what they change, only one of them changes.</summary>
    public string? Conductor => Presences.Documents.Values.OrderBy(p => p.Created).ThenBy(p => p.Value.Node, StringComparer.Ordinal).FirstOrDefault()?.Value.Node;

    /// <summary>What a node says of its instance of a service; null: nothing, or it is not there.</summary>
    public InstanceReport? Report(string node, string service) => Reports.Find($"{node}/{service}")?.Value;

    /// <summary>All other nodes that are there and answer, by name.</summary>
    public IReadOnlyList<PeerAddress> PeersOf(string node) =>
    [
        .. Nodes.Documents.Values.Select(n => n.Value)
            .Where(n => n.Name != node && n.Address.Length > 0 && Presences.Find(n.Name) is not null)
            .OrderBy(n => n.Name, StringComparer.Ordinal)
            .Select(n => new PeerAddress(n.Name, n.Address)),
    ];

    public ClusterImage With(long revision, IReadOnlyList<Change> changes)
    {
        var image = this;
        foreach (var change in changes) image = image.With(change);
        return image with { Revision = revision };
    }

    private ClusterImage With(Change change)
    {
        var key = change.Item.Key.ToString();
        if (Reports.Holds(key)) return this with { Reports = Reports.With(key, change) };
        if (Services.Holds(key)) return this with { Services = Services.With(key, change) };
        if (Operations.Holds(key)) return this with { Operations = Operations.With(key, change) };
        if (Leaders.Holds(key)) return this with { Leaders = Leaders.With(key, change) };
        if (Epochs.Holds(key)) return this with { Epochs = Epochs.With(key, change) };
        if (Presences.Holds(key)) return this with { Presences = Presences.With(key, change) };
        if (Placements.Holds(key)) return this with { Placements = Placements.With(key, change) };
        if (Moves.Holds(key)) return this with { Moves = Moves.With(key, change) };
        if (Nodes.Holds(key)) return this with { Nodes = Nodes.With(key, change) };
        if (NodeOrders.Holds(key)) return this with { NodeOrders = NodeOrders.With(key, change) };
        if (PlannedMoves.Holds(key)) return this with { PlannedMoves = PlannedMoves.With(key, change) };
        if (Revocations.Holds(key)) return this with { Revocations = Revocations.With(key, change) };
        if (Floor.Holds(key)) return this with { Floor = Floor.With(key, change) };
        return Cluster.Holds(key) ? this with { Cluster = Cluster.With(key, change) } : this;
    }
}
