namespace Holdfast.Core.Clusters;

/// <summary>A member of the cluster's etcd, as decisions about etcd's leader see it.</summary>
/// <param name="Id">Etcd's number of it.</param>
/// <param name="Name">Among the members.</param>
/// <param name="Node">The node that it is on; null: on none, as a witness's is.</param>
public sealed record EtcdMemberFacts(ulong Id, string Name, string? Node)
{
    /// <summary>It has no vote.</summary>
    public bool IsLearner { get; init; }

    /// <summary>It answers, knows etcd's leader, and complains of nothing.</summary>
    public bool IsHealthy { get; init; }

    /// <summary>The last entry of etcd's log that it has carried out; 0: not known.</summary>
    public ulong Applied { get; init; }
}
