using System.Text.Json.Serialization;

namespace Holdfast.Core.Placement;

/// <summary>What is known of a node of the cluster: it says so of itself, but whether it is there and may have something is judged by others.</summary>
public sealed record NodeFacts(string Name, NodePresence Presence, NodeEligibility Eligibility)
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public int Cpus { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>linux or windows; empty: it was not said.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>The agent's.</summary>
    public string Version { get; init; } = "";

    public bool IsAlive => Presence is NodePresence.Alive;

    public bool IsActive => Eligibility is NodeEligibility.Active;
}

/// <summary>Whether a node has its lease.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Alive), "alive")]
[JsonDerivedType(typeof(Lost), "lost")]
public abstract record NodePresence
{
    private NodePresence()
    {
    }

    public sealed record Alive : NodePresence;

    /// <summary>What runs on it may still run.</summary>
    /// <param name="Since">When its lease ended.</param>
    public sealed record Lost(DateTimeOffset Since) : NodePresence;
}

/// <summary>Whether a node may have something new.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Active), "active")]
[JsonDerivedType(typeof(Drained), "drained")]
[JsonDerivedType(typeof(Quarantined), "quarantined")]
public abstract record NodeEligibility
{
    private NodeEligibility()
    {
    }

    public sealed record Active : NodeEligibility;

    /// <summary>Somebody wants nothing on it (Suspend-ClusterNode -Drain).</summary>
    public sealed record Drained(string Why) : NodeEligibility;

    /// <summary>It was lost too often (<see cref="QuarantineMachine"/>).</summary>
    public sealed record Quarantined(string Why) : NodeEligibility;
}
