using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision.Handovers;

namespace Holdfast.Platform;

/// <summary>
/// The operating system as a keeper of processes: makes containers, gives birth into them, and tells what happened.
/// <para>
/// Everything but <see cref="Wake"/> is called from one thread, and that thread must live as long as the host: the kernel's
/// parent-death signal follows the thread that started a child, not its process (law 2). On Windows the child's job dies with this process.
/// </para>
/// <para>The same process must not use System.Diagnostics.Process: it reaps children that are not its own.</para>
/// </summary>
public interface IProcessHost : IDisposable
{
    HostCapabilities Capabilities { get; }

    /// <summary>
    /// Kills whatever earlier supervisors of this home left behind, and returns the names of those containers when they are empty and gone.
    /// Called once, before the first <see cref="Open"/>; never where there is something to take over.
    /// </summary>
    /// <param name="within">How long the dead may take to be gone; processes in uninterruptible sleep can exceed any time.</param>
    Outcome<IReadOnlyList<string>> Sweep(TimeSpan within);

    /// <summary>Makes the container, or takes an existing one of that name, and puts the limits on it.</summary>
    /// <param name="name">An instance's name: letters, digits, hyphens, dots, underscores.</param>
    /// <returns>A problem only where containment itself is refused; a limit that this host cannot enforce is in the container's status.</returns>
    Outcome<IContainer> Open(string name, LimitsSpec limits);

    /// <summary>
    /// Starts a program in a container: member and limited before its first instruction, dead when this process dies.
    /// When it returns a process, the program's own image is running (exec has succeeded).
    /// </summary>
    /// <returns>Or the step that failed, in words: <c>process.command-not-found</c>, <c>process.not-executable</c>, <c>process.working-folder</c>, …</returns>
    Outcome<ChildProcess> Start(IContainer container, Launch launch);

    /// <summary>
    /// After <see cref="NextImage"/>, instead of <see cref="Open"/>: a container that this process's earlier image had. What runs in it runs on.
    /// Where it has become empty meanwhile, that is told with the next wait.
    /// </summary>
    Outcome<IContainer> TakeOver(ContainerHandover container, LimitsSpec limits);

    /// <summary>A child that this process's earlier image started in the container. If it has ended meanwhile, its exit is told with the next wait.</summary>
    /// <returns>A NotFound problem where it is no child of ours.</returns>
    Outcome<ChildProcess> TakeOver(IContainer container, ProcessHandover process);

    /// <summary>Sends a signal to the one process, never to another that got its number later.</summary>
    /// <param name="signal">Name without SIG: TERM, HUP, USR1. On Windows those that ask for an end (<see cref="ConsoleSignal"/>), and KILL.</param>
    /// <returns>A NotFound problem when it has exited already.</returns>
    Outcome<Done> Signal(ChildProcess process, string signal);

    /// <summary>Reports the handle as <see cref="HostEvent.Readable"/> at every wait for as long as it is readable.</summary>
    void Watch(SafeHandle handle, long token);

    /// <summary>The same, at every wait for as long as it can be written to.</summary>
    void WatchForWriting(SafeHandle handle, long token);

    /// <summary>Does nothing where the handle is not watched. One that was closed has left the wait by itself, and is only forgotten.</summary>
    void Unwatch(SafeHandle handle);

    /// <summary>
    /// Waits until something has happened, and adds it to <paramref name="events"/>. Every exit of a started process is told exactly once,
    /// before its container is told to be empty. Returns without events at the timeout, when woken, and now and then for no reason.
    /// </summary>
    /// <param name="timeout"><see cref="Timeout.InfiniteTimeSpan"/>: until something happens.</param>
    void Wait(TimeSpan timeout, List<HostEvent> events);

    /// <summary>Ends the present wait, or the next one. From any thread.</summary>
    void Wake();
}
