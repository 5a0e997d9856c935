namespace Holdfast.Node.Clusters;

/// <summary>
/// That a node was fenced from outside under one of its leases: the document <c>fences/NODE/LEASE</c>, which stays. While it is under way the same is <c>fence-turn</c>, under the lease
/// of the node that does it: nobody else fences anybody then.
/// </summary>
/// <param name="From">The node that does it.</param>
/// <param name="By">Who wants it.</param>
/// <param name="Said">What the command said, or why nothing is proven; empty: it is under way.</param>
internal sealed record FenceDocument(string Node, long Lease, string From, string By, string Why, DateTimeOffset At, FenceOutcome Outcome, string Said);

internal enum FenceOutcome
{
    UnderWay,

    /// <summary>The machine is off. What was under its lease is over.</summary>
    Confirmed,

    /// <summary>Nothing is proven.</summary>
    Failed,
}
