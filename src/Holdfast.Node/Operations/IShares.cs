using Holdfast.Core.Supervision;
using Holdfast.Node.State;
using Operation = Holdfast.Core.Operations.Operation;

namespace Holdfast.Node.Operations;

/// <summary>This node's part in one service.</summary>
internal sealed record ServiceShare
{
    /// <summary>A node by itself has all of everything.</summary>
    public static ServiceShare Whole(InstanceStatus? seen) => new() { Here = true, Drives = true, Sight = seen };

    /// <summary>Its instance is to be here now.</summary>
    public required bool Here { get; init; }

    /// <summary>It may come here: what it needs is to be here.</summary>
    public bool StandsBy { get; init; }

    /// <summary>This node brings the service's operations to their end.</summary>
    public required bool Drives { get; init; }

    /// <summary>What operations are judged by: of several instances the one that is the furthest from what is wanted; null: there is none.</summary>
    public required InstanceStatus? Sight { get; init; }

    /// <summary>How long an operation waits until an instance of it is seen anywhere; null: as long as it takes, for it is this node's supervisor that is waited for.</summary>
    public TimeSpan? TakenUpWithin { get; init; }

    /// <summary>In which epoch it may act, and under which lease; null: it is not led.</summary>
    public (long Epoch, long Lease)? Leading { get; init; }

    /// <summary>Its instance runs here before it leads, and is promoted when it does. Not on a node that is drained or in quarantine.</summary>
    public bool IsHot { get; init; }

    /// <summary>The epoch that ends here; 0: none does.</summary>
    public long Ends { get; init; }

    /// <summary>Without waiting for it.</summary>
    public bool AtOnce { get; init; }
}

/// <summary>Which part of the services is this node's.</summary>
internal interface IShares
{
    /// <param name="entry">The service.</param>
    /// <param name="seen">Its instance on this node, as the supervisor says; null: there is none.</param>
    ServiceShare Of(ServiceEntry entry, InstanceStatus? seen);

    /// <summary>Of a service that could not be looked at: its supervisor here does not answer.</summary>
    ServiceShare Unseen(ServiceEntry entry);

    /// <summary>This node brings it to its end.</summary>
    bool Drives(Operation operation);

    /// <summary>This node does what one alone should do for all.</summary>
    bool Conducts { get; }

    /// <summary>An instance of a service that nobody wants is to go; else it is left alone.</summary>
    bool RemovesUnknown { get; }

    /// <summary>It is proven that nothing of this epoch runs here.</summary>
    void Ended(string service, long epoch, string why);

    /// <summary>The end of a look at all services: what there is on this node.</summary>
    /// <returns>False: the store did not take it, and it is to be said again.</returns>
    Task<bool> TellAsync(IReadOnlyList<InstanceStatus> seen, CancellationToken cancel);
}

/// <summary>A node without a cluster.</summary>
internal sealed class OneNode : IShares
{
    public bool Conducts => true;

    public bool RemovesUnknown => false;

    public ServiceShare Of(ServiceEntry entry, InstanceStatus? seen) => ServiceShare.Whole(seen);

    public ServiceShare Unseen(ServiceEntry entry) => ServiceShare.Whole(null);

    public bool Drives(Operation operation) => true;

    public void Ended(string service, long epoch, string why)
    {
    }

    public Task<bool> TellAsync(IReadOnlyList<InstanceStatus> seen, CancellationToken cancel) => Task.FromResult(true);
}
