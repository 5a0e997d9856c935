namespace Holdfast.Core.Clusters;

/// <param name="MoveTo">Where etcd's leader would be better; null: it is well where it is, or there is no better place.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record EtcdLeaderPlace(EtcdMemberFacts? MoveTo, string Reason);
