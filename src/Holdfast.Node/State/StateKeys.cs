namespace Holdfast.Node.State;

/// <summary>Where documents live in the store. Release numbers are padded so that their keys sort as the numbers do.</summary>
internal static class StateKeys
{
    public const string Root = "/holdfast/v1/";
    public const string Services = Root + "services/";
    public const string AllReleases = Root + "releases/";

    /// <summary>The latest operation of each service, and those whose outcome is not recorded yet.</summary>
    public const string Operations = Root + "operations/";

    /// <summary>Ended and recorded operations that another one has followed: only asked for by their id.</summary>
    public const string PastOperations = Root + "past-operations/";

    /// <summary>No epoch is given that is not higher, to whatever service: a document that is there where the store was restored.</summary>
    public const string EpochFloor = Root + "epoch-floor";

    /// <summary>Which certificates are not to be taken by any node: one document, kept by the node that has the authority.</summary>
    public const string Revocations = Root + "revocations";

    public static string Service(string name) => Services + name;

    public static string Releases(string service) => $"{Root}releases/{service}/";

    public static string Release(string service, int number) => $"{Releases(service)}{number:D8}";

    public static string Operation(string id) => Operations + id;

    public static string PastOperation(string id) => PastOperations + id;

    public const string Nodes = Root + "nodes/";

    /// <summary>What operators (or the cluster itself) want of nodes.</summary>
    public const string NodeOrders = Root + "node-orders/";

    /// <summary>A key per node under its lease: it is there while the node is.</summary>
    public const string Presences = Root + "presences/";

    /// <summary>What each node says of its instances, under its lease.</summary>
    public const string Instances = Root + "instances/";

    public const string Placements = Root + "placements/";

    /// <summary>Who leads, under its node's lease.</summary>
    public const string Leaders = Root + "leaders/";

    /// <summary>The last epoch of each service. It outlives the service: no epoch is given twice.</summary>
    public const string Epochs = Root + "epochs/";

    /// <summary>Every epoch that was given, by service and number; written once each. They outlive the service.</summary>
    public const string EpochActs = Root + "epoch-acts/";

    /// <summary>Switchovers that are wanted.</summary>
    public const string Moves = Root + "moves/";

    /// <summary>Switchovers that are wanted at a time that has not come yet.</summary>
    public const string PlannedMoves = Root + "planned-moves/";

    /// <summary>Nodes that were fenced from outside, by node and lease. They stay.</summary>
    public const string Fences = Root + "fences/";

    /// <summary>Who fences whom at this moment, under the lease of who does it.</summary>
    public const string FenceTurn = Root + "fence-turn";

    /// <summary>What concerns the whole cluster.</summary>
    public const string Cluster = Root + "cluster/";

    public static string PlannedMove(string service) => PlannedMoves + service;

    public static string Node(string name) => Nodes + name;

    public static string NodeOrder(string node) => NodeOrders + node;

    public static string Presence(string node) => Presences + node;

    public static string Report(string node, string service) => $"{Instances}{node}/{service}";

    public static string Placement(string service) => Placements + service;

    public static string Leader(string service) => Leaders + service;

    public static string Epoch(string service) => Epochs + service;

    public static string Acts(string service) => $"{EpochActs}{service}/";

    public static string Act(string service, long epoch) => $"{Acts(service)}{epoch:D12}";

    public static string Move(string service) => Moves + service;

    public static string Fence(string node, long lease) => $"{Fences}{node}/{lease:x}";

    public static string Pause => Cluster + "pause";
}
