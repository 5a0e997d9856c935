namespace Holdfast.Core.Clusters;

/// <summary>What is kept between two looks at etcd's leader.</summary>
/// <param name="Since">Since when there has been a better place for it; null: there is none.</param>
/// <param name="Tried">When it was last asked to move; null: not yet.</param>
public sealed record EtcdLeaderState(TimeSpan? Since, TimeSpan? Tried)
{
    public static EtcdLeaderState None { get; } = new(null, null);
}
