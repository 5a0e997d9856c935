namespace Holdfast.Testing.Simulation;

/// <summary>Faults put into the fencing on purpose. A simulation that does not find each of them proves nothing.</summary>
public enum Breakage
{
    None,

    /// <summary>The deadline is counted from the answer to a renewal, not from its sending.</summary>
    CountsFromTheAnswer,

    /// <summary>The supervisor does not keep the deadline: it waits for the agent to tell it.</summary>
    NoDeadlineInTheSupervisor,

    /// <summary>A leader may act to the very end of its lease and beyond.</summary>
    DeadlineTooLate,

    /// <summary>Leadership is given away while the process is still being stopped.</summary>
    GivesBeforeTheEnd,

    /// <summary>A new leader acts in the epoch of the one before.</summary>
    EpochNotRaised,

    /// <summary>The store is not asked whether somebody leads.</summary>
    TakesWithoutAsking,

    /// <summary>The deadline is on a clock that stands still in suspend.</summary>
    ClockStandsInSuspend,

    /// <summary>That the lease is gone is heard, and nothing is done.</summary>
    IgnoresTheFence,

    /// <summary>A node promises not to lead, and does not write it down.</summary>
    PromisesFromMemory,

    /// <summary>A node leads although it has promised not to.</summary>
    BreaksItsPromise,

    /// <summary>A node promises although it may lead itself.</summary>
    PromisesAnything,

    /// <summary>Most peers are taken for all.</summary>
    HoldsByMajority,

    /// <summary>A node that the leader does not know of takes what is vacant.</summary>
    TakesUnnamed,
}
