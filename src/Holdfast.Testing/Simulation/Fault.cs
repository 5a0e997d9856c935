namespace Holdfast.Testing.Simulation;

/// <summary>What happens to a node, its network, its service or the store.</summary>
public enum Fault
{
    /// <summary>The agent is killed, and started again.</summary>
    AgentDies,

    /// <summary>The agent does nothing for a while.</summary>
    AgentFreezes,

    /// <summary>The supervisor does nothing for a while: past the deadline, only the epoch protects.</summary>
    SupervisorFreezes,

    /// <summary>The machine loses its power, and comes back.</summary>
    NodeDies,

    /// <summary>The machine sleeps; its clock counts it.</summary>
    NodeSuspends,

    /// <summary>The virtual machine is stopped, and its clocks with it: when it goes on, only the epoch protects.</summary>
    MachineIsPaused,

    /// <summary>What it sends does not arrive.</summary>
    CutThere,

    /// <summary>What is sent to it does not arrive.</summary>
    CutBack,

    CutBoth,

    /// <summary>Half of what is sent is lost, the rest is slow.</summary>
    NetworkIsBad,

    /// <summary>Killing takes as long as the terms of the lease allow.</summary>
    KillingIsSlow,

    ServiceEnds,

    /// <summary>The wall clock jumps.</summary>
    WallClockJumps,

    /// <summary>Somebody wants the service on this node.</summary>
    SwitchIsWanted,

    /// <summary>The node is drained for a while.</summary>
    NodeIsDrained,

    /// <summary>The store changes its leader.</summary>
    StoreIsAway,

    /// <summary>What other nodes send to it, and it to them, does not arrive; the store is reached.</summary>
    PeersAreCut,

    /// <summary>What other nodes send to it comes late.</summary>
    PeersAreSlow,

    /// <summary>The node with the last name belongs to the cluster no more, or anew.</summary>
    MembersChange,
}
