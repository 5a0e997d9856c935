namespace Holdfast.Core.Clusters;

/// <param name="MoveTo">The member that is to lead etcd now; null: nothing is to be done.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record EtcdLeaderStep(EtcdLeaderState State, EtcdMemberFacts? MoveTo, string Reason);
