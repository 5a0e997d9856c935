using Holdfast.Core.Supervision.Leases;

namespace Holdfast.Node.Supervisors;

/// <summary>What supervisors know of the node's leases.</summary>
/// <param name="LongestKill">The longest time from a kill until it was proven that nothing runs.</param>
public sealed record SupervisorLeases(IReadOnlyList<KnownLease> Leases, TimeSpan LongestKill)
{
    /// <summary>How it stands with the machine's watchdog; null: none is wanted, or the supervisor is of a version that knows of none.</summary>
    public WatchdogReport? Watchdog { get; init; }
}
