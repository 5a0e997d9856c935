using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// A program that outlives whoever starts it: a session of its own, nobody's child but init's (so it leaves no zombie with us),
/// no descriptor of ours, stdin from the null device, stdout and stderr appended to a log file. On Windows: no console, and outside of our
/// job where that lets anybody go.
/// </summary>
/// <param name="CreationTime">As <see cref="ProcessFacts.CreationTime"/>.</param>
public sealed record DetachedProcess(int Pid, long CreationTime)
{
    /// <param name="executable">Absolute path.</param>
    /// <param name="environment">All of it.</param>
    /// <param name="birth">Null: the best there is.</param>
    /// <returns>Or what stood in the way, as <see cref="IProcessHost.Start"/> says it.</returns>
    public static Outcome<DetachedProcess> Start(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile, BirthWay? birth = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(executable);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(logFile);
        return OperatingSystem.IsLinux()
            ? Linux.DetachedStart.Start(executable, arguments, environment, logFile, birth)
            : OperatingSystem.IsWindows()
            ? Windows.Processes.HeldStart.Detach(executable, arguments, environment, logFile)
            : throw Unsupported.Here("detached processes");
    }
}
