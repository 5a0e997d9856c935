using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>All processes of a home's containers, as its guard sees them: from outside the supervisor.</summary>
public static class HomeProcesses
{
    /// <summary>
    /// Where no cgroup holds them: what loses its parent comes to this process and not to init, sessions and emptied environments included.
    /// The supervisor does the same, so that it happens only when that is gone.
    /// </summary>
    /// <returns>What holds the home's processes together.</returns>
    public static ContainmentKind AdoptOrphans(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return OperatingSystem.IsLinux() ? Linux.LinuxHomeProcesses.AdoptOrphans(home) : throw Unsupported.Here("process host");
    }

    /// <summary>Kills all of them, wherever they are. Only when no supervisor of the home lives.</summary>
    /// <param name="within">How long the dead may take to be gone.</param>
    /// <returns>The names of the containers in which there was something.</returns>
    public static Outcome<IReadOnlyList<string>> Empty(Home home, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(home);
        return OperatingSystem.IsLinux() ? Linux.LinuxHomeProcesses.Empty(home, within) : throw Unsupported.Here("process host");
    }
}
