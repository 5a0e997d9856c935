using Holdfast.Core.Supervision;

namespace Holdfast.Core.Operations;

/// <summary>What the supervisor has to be told of one service.</summary>
public enum SupervisorOrder
{
    /// <summary>Nothing: it wants what we want.</summary>
    None,

    Apply,

    Remove,
}

/// <summary>Compares what is wanted with what the supervisor wants.</summary>
public static class Reconciliation
{
    public static SupervisorOrder Decide(ServiceRecord service, InstanceStatus? seen)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (service.Removing)
            return seen is null ? SupervisorOrder.None : SupervisorOrder.Remove;
        return seen is not null && OperationMachine.Matches(service, seen) ? SupervisorOrder.None : SupervisorOrder.Apply;
    }
}
