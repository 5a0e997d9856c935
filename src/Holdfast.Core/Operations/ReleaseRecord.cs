using Holdfast.Core.Services;

namespace Holdfast.Core.Operations;

public enum ReleaseState
{
    /// <summary>Being moved to; not ready yet.</summary>
    Deploying,

    /// <summary>The one that runs, or would if the service were started.</summary>
    Current,

    /// <summary>Was current once.</summary>
    Superseded,

    /// <summary>Never became ready; the release before it came back, if there was one.</summary>
    Failed,
}

/// <summary>A package digest plus values, numbered per service: the document <c>releases/NAME/NUMBER</c>. All but its state is immutable.</summary>
public sealed record ReleaseRecord
{
    public required string Service { get; init; }

    /// <summary>Counts from 1; numbers are not used again.</summary>
    public required int Number { get; init; }

    public required string Version { get; init; }

    public required string PackageDigest { get; init; }

    /// <summary>YAML, as it was given; empty without.</summary>
    public string Values { get; init; } = "";

    public string ValuesName { get; init; } = "";

    public IReadOnlyList<string> Signers { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>Of its spec, for nodes that do not have its package. Null: a release from before there were several nodes; one instance of it is placed anywhere.</summary>
    public PlacementSpec? Placement { get; init; }

    /// <summary>Of its spec, for the same reason; of a release from before: a minute.</summary>
    public TimeSpan ReadyWithin { get; init => field = value > TimeSpan.Zero ? value : TimeSpan.FromMinutes(1); } = TimeSpan.FromMinutes(1);

    /// <summary>Of its spec, for the same reason: it has a supervisor of its own.</summary>
    public bool OwnSupervisor { get; init; }

    /// <summary>The release whose content this one repeats, 0 without.</summary>
    public int RollbackOf { get; init; }

    public required ReleaseState State { get; init; }

    public string Reason { get; init; } = "";
}
