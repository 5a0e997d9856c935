using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// The agent's view of a supervisor: a connection that is re-made as often as needed. Every call is idempotent;
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

    /// <summary>All instances, as they are now.</summary>
    Task<Outcome<IReadOnlyList<InstanceStatus>>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Completes when something has happened since <paramref name="sequence"/> (the journal's last known), or when the connection
    /// was lost and re-made: look again.
    /// </summary>
    Task<long> WaitForChangeAsync(long sequence, CancellationToken cancel);
}
