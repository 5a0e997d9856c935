using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux;

namespace Holdfast.Platform;

/// <summary>
/// One process that is held by the kernel's handle of it, so that nothing is ever done to another that got its number.
/// It is what a guard has of its supervisor, and a supervisor of its guard: neither dies with the other.
/// </summary>
public sealed class HeldProcess : IDisposable
{
    private readonly SafeHandle handle;
    private readonly IDisposable? together;

    /// <param name="together">What lives as long as this: on Windows the job of a process that is to die with us.</param>
    internal HeldProcess(int pid, long creationTime, SafeHandle handle, IDisposable? together = null) =>
        (Pid, CreationTime, this.handle, this.together) = (pid, creationTime, handle, together);

    public int Pid { get; }

    /// <summary>As <see cref="ProcessFacts.CreationTime"/>.</summary>
    public long CreationTime { get; }

    /// <summary>Readable when the process has ended.</summary>
    public SafeHandle Handle => handle;

    /// <summary>Starts a child of ours that lives on when we die. It writes to our stdout and stderr, and reads nothing.</summary>
    /// <param name="executable">Absolute path.</param>
    /// <param name="environment">All of it.</param>
    /// <returns>Or what stood in the way, as <see cref="IProcessHost.Start"/> says it.</returns>
    public static Outcome<HeldProcess> Start(string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentException.ThrowIfNullOrEmpty(executable);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        return OperatingSystem.IsLinux() ? HeldStart.Start(executable, arguments, environment)
            : OperatingSystem.IsWindows() ? Windows.Processes.HeldStart.Start(executable, arguments, environment)
            : throw Unsupported.Here("held processes");
    }

    /// <summary>Starts a child that answers a question: it reads one document, writes another, and dies when we do.</summary>
    /// <param name="question">Its stdin.</param>
    /// <param name="answer">Its stdout.</param>
    /// <returns>Or what stood in the way, as <see cref="IProcessHost.Start"/> says it.</returns>
    public static Outcome<HeldProcess> Ask(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, SafeHandle question, SafeHandle answer)
    {
        ArgumentException.ThrowIfNullOrEmpty(executable);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        return OperatingSystem.IsLinux() ? HeldStart.Ask(executable, arguments, environment, question, answer)
            : OperatingSystem.IsWindows() ? Windows.Processes.HeldStart.Ask(executable, arguments, environment, question, answer)
            : throw Unsupported.Here("held processes");
    }

    /// <summary>Null when that very process is gone.</summary>
    public static HeldProcess? Take(int pid, long creationTime) =>
        OperatingSystem.IsLinux() ? HeldStart.Take(pid, creationTime)
        : OperatingSystem.IsWindows() ? Windows.Processes.HeldStart.Take(pid, creationTime)
        : throw Unsupported.Here("held processes");

    /// <summary>How it ended. Null while it lives, and on Linux where it is not our child: then nobody tells us.</summary>
    public ProcessExit? TakeExit() =>
        OperatingSystem.IsLinux() ? Reaper.Reap(handle)
        : OperatingSystem.IsWindows() ? Windows.Processes.HeldStart.ExitOf(handle)
        : throw Unsupported.Here("held processes");

    /// <summary>Kills a child of ours if it still lives, and waits until nothing is left of it.</summary>
    public void End()
    {
        if (OperatingSystem.IsLinux())
        {
            HeldStart.Signal(handle, "KILL");
            _ = Reaper.Reap(handle, wait: true);
        }
        else if (OperatingSystem.IsWindows())
        {
            Windows.Processes.HeldStart.End(handle);
        }
        else
        {
            throw Unsupported.Here("held processes");
        }
    }

    /// <param name="signal">
    /// Name without SIG. Does nothing when the process has ended. On Windows whatever asks for an end is heard by <see cref="EndRequests"/>, and KILL kills.
    /// </param>
    public void Signal(string signal)
    {
        if (OperatingSystem.IsLinux()) HeldStart.Signal(handle, signal);
        else if (OperatingSystem.IsWindows()) Windows.Processes.HeldStart.Signal(this, handle, signal);
        else throw Unsupported.Here("signals");
    }

    public void Dispose()
    {
        handle.Dispose();
        together?.Dispose();
    }
}
