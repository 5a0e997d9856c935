namespace Holdfast.Core.Clusters;

/// <summary>Where etcd's leader is, where else it could be, and who leads how many services.</summary>
/// <param name="Leader">The member that leads etcd; 0: none that is known.</param>
/// <param name="Members">All members of the etcd.</param>
/// <param name="Led">By node: how many services it leads. A node that is not in it leads none.</param>
public sealed record EtcdLeaderWorld(ulong Leader, IReadOnlyList<EtcdMemberFacts> Members, IReadOnlyDictionary<string, int> Led)
{
    /// <summary>Somebody works on the cluster: nothing is moved by itself.</summary>
    public bool IsPaused { get; init; }

    /// <summary>How many services are led where a member is; on a witness none.</summary>
    public int LedBeside(EtcdMemberFacts member) => member?.Node is { } node ? Led.GetValueOrDefault(node) : 0;
}
