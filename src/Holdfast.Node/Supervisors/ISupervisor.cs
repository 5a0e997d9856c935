using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Leases;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// The agent's view of a supervisor, or of all that a node has: a connection that is re-made as often as needed. Every call is idempotent;
/// <see cref="ProblemKind.Unavailable"/> means that it may or may not have happened, and that it is right to call again.
/// </summary>
public interface ISupervisor : IAsyncDisposable
{
    /// <summary>Makes this the wanted state of the instance; returns when the supervisor has it on disk, not when it is reached.</summary>
    Task<Outcome<Done>> ApplyAsync(DesiredInstance desired, CancellationToken cancel);

    /// <summary>Stops the instance and forgets it; returns when the supervisor has it on disk that it must go.</summary>
    Task<Outcome<Done>> RemoveAsync(string instance, CancellationToken cancel);

    /// <summary>Sends a signal (name without SIG) to the main process.</summary>
    Task<Outcome<Done>> SignalAsync(string instance, string signal, CancellationToken cancel);

    /// <summary>Asks the instance to reload as its spec says, and waits for the hook, if it is one.</summary>
    Task<Outcome<Done>> ReloadAsync(string instance, CancellationToken cancel);

    /// <summary>Opens the instance's standard input, whether a process of it runs or not. Changes nothing.</summary>
    /// <returns>Or why it takes none: <see cref="InputProblems.ClosedRule"/>, or a supervisor of an earlier version.</returns>
    Task<Outcome<IServiceInput>> AttachAsync(string instance, CancellationToken cancel);

    /// <summary>All instances, as they are now.</summary>
    Task<Outcome<IReadOnlyList<InstanceStatus>>> ListAsync(CancellationToken cancel);

    /// <summary>All instances of all supervisors that answer, and which do not.</summary>
    async Task<Observation> ObserveAsync(CancellationToken cancel)
    {
        var listed = await ListAsync(cancel).ConfigureAwait(false);
        return listed.TryGet(out var statuses) ? new(statuses, []) : new([], [new(null, listed.Problems[0])]);
    }

    /// <summary>Lets go of supervisors that have nothing to keep any more.</summary>
    /// <param name="needed">Services that are to have a supervisor of their own.</param>
    /// <param name="known">All services of the node.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>True: all are gone that were to go; false: ask again.</returns>
    Task<bool> ReleaseAsync(IReadOnlySet<string> needed, IReadOnlySet<string> known, CancellationToken cancel) => Task.FromResult(true);

    /// <summary>What acts under the lease may act until <paramref name="hardAt"/>, and be started until <paramref name="softAt"/> (on the clock since boot that counts suspend).</summary>
    /// <param name="watchdog">By which the machine is reset where the deadline is not kept; null: by none.</param>
    /// <returns>Or why a supervisor does not have it: it has fenced the lease (<c>lease.fenced</c>), or does not answer.</returns>
    Task<Outcome<Done>> ExtendAsync(long lease, TimeSpan softAt, TimeSpan hardAt, WatchdogOrder? watchdog, CancellationToken cancel);

    /// <summary>Nothing new is started under the lease until it is extended.</summary>
    Task<Outcome<Done>> HoldBackAsync(long lease, string why, CancellationToken cancel);

    /// <summary>What acts under the lease is killed at once.</summary>
    Task<Outcome<Done>> FenceAsync(long lease, string why, CancellationToken cancel);

    /// <summary>The leases that are known here, and how long killing took.</summary>
    Task<Outcome<SupervisorLeases>> LeasesAsync(CancellationToken cancel);

    /// <summary>
    /// Completes when something has happened since <paramref name="sequence"/> (the journal's last known), or when the connection
    /// was lost and re-made: look again.
    /// </summary>
    Task<long> WaitForChangeAsync(long sequence, CancellationToken cancel);
}
