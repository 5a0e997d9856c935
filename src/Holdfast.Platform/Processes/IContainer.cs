using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;

namespace Holdfast.Platform;

/// <summary>What holds one instance's process tree together: children of children, and those that changed session.</summary>
public interface IContainer
{
    string Name { get; }

    /// <summary>Names it on this host, for other processes as well: <see cref="ContainerUsage.Read"/>.</summary>
    string Id { get; }

    ContainmentStatus Status { get; }

    /// <summary>No process is alive in it. The proof that a stop is over.</summary>
    bool IsEmpty { get; }

    /// <summary>The PIDs alive in it at this moment.</summary>
    IReadOnlyList<int> Members();

    /// <summary>
    /// Kills everything in it, what is being forked included. Returns at once; <see cref="HostEvent.Emptied"/> follows when it is true.
    /// Harmless on an empty one.
    /// </summary>
    void Kill();

    /// <summary>
    /// The same, from any thread, and without keeping account of it: for a deadline that must be kept whatever the host's own thread is doing. That is to
    /// call <see cref="Kill"/> as well, afterwards.
    /// </summary>
    void KillFromAnywhere();

    /// <summary>
    /// Lets nothing in it run any more, what is being forked included. To be asked again until it is true that all of it stands still. Nobody in
    /// it is asked, and a killed process ends all the same.
    /// </summary>
    Outcome<bool> Suspend();

    /// <summary>Lets all of it run again. Harmless where it does.</summary>
    Outcome<Done> LetRun();

    /// <summary>Other limits from now on. Memory, CPU and processes hold at once; affinity, files and core dumps for what is started from now on.</summary>
    void Limit(LimitsSpec limits);

    /// <summary>What the host of this process's next image must know of it: <see cref="IProcessHost.TakeOver(ContainerHandover, LimitsSpec)"/>.</summary>
    ContainerHandover HandOver();

    /// <summary>Removes it from the host; it must be empty.</summary>
    Outcome<Done> Remove();
}
