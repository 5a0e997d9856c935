using Holdfast.Core.Operations;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Operations;

/// <summary>Brings packages to nodes that need them and were not given them.</summary>
internal interface IPackageSupply
{
    /// <summary>To be asked in each look at a service that is here or may come here.</summary>
    /// <returns>Null: its package is here, or cannot be had (reading its spec then says why). Else it is on its way, and how long until it is worth looking again.</returns>
    TimeSpan? Look(ServiceRecord service, Outcome<ReleaseRecord> release, ServiceShare share);

    /// <summary>The service is not on this node, and is not to come to it.</summary>
    void NotHere(ServiceRecord service);

    /// <summary>What is wanted of the service cannot be had on this node; another node brings its operation to an end.</summary>
    void Obstructed(ServiceRecord service, Outcome<ReleaseRecord> release, Problem problem);
}

/// <summary>A node without a cluster has what was pushed to it.</summary>
internal sealed class NoSupply : IPackageSupply
{
    public TimeSpan? Look(ServiceRecord service, Outcome<ReleaseRecord> release, ServiceShare share) => null;

    public void NotHere(ServiceRecord service)
    {
    }

    public void Obstructed(ServiceRecord service, Outcome<ReleaseRecord> release, Problem problem)
    {
    }
}
