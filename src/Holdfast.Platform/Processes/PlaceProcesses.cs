using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// All processes of a supervisor's containers, as its guard sees them: from outside. On Windows there is hardly anything for a guard to empty: the jobs'
/// handles are the supervisor's, and Windows kills what is in them when it ends, however it ends; what remains is where somebody else has a job open. What a guard does besides, starting the
/// next supervisor, the service control manager does where the supervisor is a service.
/// </summary>
public static class PlaceProcesses
{
    /// <summary>
    /// Where no cgroup holds them: what loses its parent comes to this process and not to init, sessions and emptied environments included.
    /// The supervisor does the same, so that it happens only when that is gone.
    /// </summary>
    /// <returns>What holds its processes together.</returns>
    public static ContainmentKind AdoptOrphans(SupervisorPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return OperatingSystem.IsLinux() ? Linux.LinuxPlaceProcesses.AdoptOrphans(place)
            : OperatingSystem.IsWindows() ? ContainmentKind.Job
            : throw Unsupported.Here("process host");
    }

    /// <summary>
    /// Does all that <see cref="Empty"/> does, with nothing to kill: what it needs of the runtime is loaded and compiled then, and not
    /// while processes live that must not. Before the first child is started: whatever is a child of this process may be taken for adopted.
    /// </summary>
    public static void Rehearse(SupervisorPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (OperatingSystem.IsLinux()) Linux.LinuxPlaceProcesses.Rehearse(place);
        else if (!OperatingSystem.IsWindows()) throw Unsupported.Here("process host");
    }

    /// <summary>Kills all of them, wherever they are. Only when that supervisor does not live.</summary>
    /// <param name="within">How long the dead may take to be gone.</param>
    /// <returns>The names of the containers in which there was something.</returns>
    public static Outcome<IReadOnlyList<string>> Empty(SupervisorPlace place, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(place);
        return OperatingSystem.IsLinux() ? Linux.LinuxPlaceProcesses.Empty(place, within)
            : OperatingSystem.IsWindows() ? Windows.Jobs.JobSweep.Run(place, within)
            : throw Unsupported.Here("process host");
    }
}
