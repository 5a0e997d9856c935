using Holdfast.Core.Leadership;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Node.Clusters;

/// <summary>A node that is there: the document <c>presences/NODE</c>, which ends with the node's lease.</summary>
/// <param name="Since">When it came.</param>
internal sealed record Presence(string Node, long Lease, DateTimeOffset Since)
{
    /// <summary>Why it leads nothing more before it goes; empty: it stays.</summary>
    public string Leaving { get; init => field = value ?? ""; } = "";
}

/// <summary>What is wanted of a node: the document <c>node-orders/NODE</c>.</summary>
/// <param name="Until">Then it ends by itself; null: when somebody ends it.</param>
internal sealed record NodeOrder(string Node, NodeOrderKind Kind, string Why, string By, DateTimeOffset At, DateTimeOffset? Until);

internal enum NodeOrderKind
{
    /// <summary>Nothing more comes to it, and what is on it goes elsewhere.</summary>
    Drain,

    /// <summary>The same, because it failed too often.</summary>
    Quarantine,
}

/// <summary>What a node says of its instance of a service: the document <c>instances/NODE/SERVICE</c>, which ends with the node's lease.</summary>
internal sealed record InstanceReport
{
    public required string Node { get; init; }

    public required string Service { get; init; }

    public required string Instance { get; init; }

    public required int Release { get; init; }

    public required string PackageDigest { get; init; }

    public required long Incarnation { get; init; }

    public long? Epoch { get; init; }

    public required RunState Wanted { get; init; }

    public required InstanceState State { get; init; }

    public required Core.Health.HealthState Health { get; init; }

    public bool Ready { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public int? Pid { get; init; }

    public int Restarts { get; init; }

    /// <summary>In words; empty: it has not ended yet.</summary>
    public string LastExit { get; init; } = "";

    public DateTimeOffset? NextStartAt { get; init; }

    /// <summary>There is no instance: its package is here, and one can come at any time.</summary>
    public bool StandsBy { get; init; }

    /// <summary>Its instance stands by: it runs, or is to, and does not act.</summary>
    public bool IsHot { get; init; }

    public static InstanceReport Of(string node, InstanceStatus status) => new()
    {
        Node = node,
        Service = status.Service,
        Instance = status.Instance,
        Release = status.Release,
        PackageDigest = status.PackageDigest,
        Incarnation = status.Incarnation,
        Epoch = status.Epoch,
        Wanted = status.Wanted,
        State = status.State,
        Health = status.Health,
        Ready = status.Ready,
        Reason = status.Reason,
        Since = status.Since,
        StartedAt = status.StartedAt,
        Pid = status.Pid,
        Restarts = status.Restarts,
        LastExit = status.LastExit?.ToString() ?? "",
        NextStartAt = status.NextStartAt,
        IsHot = status.StandsBy,
    };

    /// <summary>As far as operations are judged by it.</summary>
    public InstanceStatus ToStatus() => new()
    {
        Service = Service,
        Instance = Instance,
        Release = Release,
        PackageDigest = PackageDigest,
        Incarnation = Incarnation,
        Epoch = Epoch,
        StandsBy = IsHot,
        Wanted = Wanted,
        State = State,
        Health = Health,
        Ready = Ready,
        Reason = $"{Node}: {Reason}",
        Since = Since,
        StartedAt = StartedAt,
        Pid = Pid,
        Restarts = Restarts,
        NextStartAt = NextStartAt,
    };
}

/// <summary>On which nodes a service is to be: the document <c>placements/SERVICE</c>.</summary>
/// <param name="Spec">Of the release that is wanted: nodes without its package read it here.</param>
internal sealed record PlacementDocument(string Service, PlacementSpec Spec, IReadOnlyList<string> Nodes, string Reason, DateTimeOffset At)
{
    /// <summary>Those of them on which something runs that it avoids, or that avoids it: where it leads, they lead last of all.</summary>
    public IReadOnlyList<string> Avoided { get; init => field = value ?? []; } = [];

    /// <summary>It has a supervisor of its own: then a node's watchdog is not for it.</summary>
    public bool OwnSupervisor { get; init; }

    /// <summary>One of them leads.</summary>
    public bool IsLed => Spec.Mode == PlacementMode.ActiveStandby;
}

/// <summary>Who leads: the document <c>leaders/SERVICE</c>, which ends with its node's lease.</summary>
internal sealed record LeaderDocument(string Service, string Node, long Epoch, long Lease)
{
    public Leader Leader => new(Node, Epoch, Lease);
}

/// <summary>The last epoch that was given: the document <c>epochs/SERVICE</c>.</summary>
/// <param name="Why">Why it was given.</param>
internal sealed record EpochDocument(string Service, long Epoch, string Node, IReadOnlyList<DateTimeOffset> Failovers, DateTimeOffset At, string Why)
{
    /// <summary>How it ended, said by who led in it when nothing of it ran any more; null: it has not ended, or nobody could say.</summary>
    public EpochEnd? End { get; init; }

    /// <summary>Of the document that was written when it was given: the next one names it.</summary>
    public string Hash { get; init; } = "";

    /// <summary>The only nodes that may take what comes after it by themselves, since its leader may be held by their promises; null: any may.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    public LastEpoch Last => new(Epoch, Node, Failovers, End is not null) { Peers = Peers };
}

/// <summary>No epoch is given that is not higher: the document <c>epoch-floor</c> of a store that was restored.</summary>
internal sealed record FloorDocument(long Epoch);

/// <summary>Which certificates no node is to take: the document <c>revocations</c>. Those that have ended by themselves are left out.</summary>
internal sealed record RevocationsDocument(IReadOnlyList<RevokedCertificate> Certificates);

/// <param name="Serial">Hexadecimal.</param>
/// <param name="Holder">Whose it was: <c>operator/alice</c>.</param>
/// <param name="At">From then on.</param>
internal sealed record RevokedCertificate(string Serial, string Holder, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset At, string Reason);

/// <summary>How an epoch ended, as the node that led in it says.</summary>
/// <param name="From">When it began to act there.</param>
/// <param name="Until">When it was proven that nothing of it runs.</param>
/// <param name="How">Why it ended.</param>
internal sealed record EpochEnd(long Epoch, string Node, DateTimeOffset? From, DateTimeOffset Until, string How);

/// <summary>An epoch that was given: the document <c>epoch-acts/SERVICE/EPOCH</c>. It is never changed.</summary>
/// <param name="By">The node that wrote it: this one took the epoch, or the one before handed it over.</param>
/// <param name="At">On the clock of that node.</param>
/// <param name="Before">How the epoch before it ended, by the word of who led in it; null: nobody could say, its lease had ended.</param>
/// <param name="Previous">The SHA-256 of the document before it, in hex; empty for the first.</param>
internal sealed record EpochAct(string Service, long Epoch, string Node, long Lease, string By, DateTimeOffset At, string Why, EpochEnd? Before, string Previous);

/// <summary>A switchover that is wanted: the document <c>moves/SERVICE</c>.</summary>
internal sealed record MoveDocument(string Service, string To, string By, string Id, DateTimeOffset At);

/// <summary>A switchover that is wanted at a time: the document <c>planned-moves/SERVICE</c>. A service has one at most.</summary>
/// <param name="To">Empty: the best that does not lead then.</param>
/// <param name="Due">Not before.</param>
internal sealed record PlannedMove(string Service, string To, string By, string Id, DateTimeOffset Due);

/// <summary>Nobody takes over by itself while it is there: the document <c>cluster/pause</c>.</summary>
internal sealed record PauseDocument(string By, string Why, DateTimeOffset At);
