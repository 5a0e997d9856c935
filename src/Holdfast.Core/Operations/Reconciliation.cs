using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Operations;

/// <summary>What the supervisor has to be told of one service.</summary>
public enum SupervisorOrder
{
    /// <summary>Nothing: it wants what we want.</summary>
    None,

    Apply,

    Remove,

    /// <summary>Another supervisor is to keep it: this one is to forget it, and only when it is gone the other is given it.</summary>
    Leave,
}

/// <summary>Compares what is wanted with what the supervisor wants.</summary>
public static class Reconciliation
{
    /// <param name="service">What is wanted.</param>
    /// <param name="seen">What the supervisor that has it says; null: none has it.</param>
    /// <param name="kind">Which supervisor is to keep it; null where the release's spec cannot be read.</param>
    /// <param name="epoch">The epoch in which it may act; null: it is not led.</param>
    public static SupervisorOrder Decide(ServiceRecord service, InstanceStatus? seen, SupervisorKind? kind, long? epoch = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (service.Removing)
            return seen is null ? SupervisorOrder.None : SupervisorOrder.Remove;
        if (seen is not null && kind is { } wanted && (seen.Supervisor is null) != (wanted == SupervisorKind.Shared))
            return SupervisorOrder.Leave;
        return seen is not null && seen.Epoch == epoch && OperationMachine.Matches(service, seen) ? SupervisorOrder.None : SupervisorOrder.Apply;
    }
}
