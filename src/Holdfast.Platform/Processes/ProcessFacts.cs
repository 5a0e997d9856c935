namespace Holdfast.Platform;

/// <summary>What the kernel says of one process.</summary>
/// <param name="CreationTime">On Linux in clock ticks (1/100 s) since boot: meaningful only together with the boot id. On Windows in units of 100 ns since 1601.</param>
/// <param name="Session">The session it belongs to: the POSIX one, or the logon session (0: that of services).</param>
/// <param name="Name">The short name of its program, at most 15 characters; on Windows its file name.</param>
/// <param name="Cpu">Its own, without its children.</param>
/// <param name="ChildrenCpu">Of the children that it has waited for; on Windows, which does not count it, zero.</param>
/// <param name="ResidentBytes">Its memory in RAM, shared pages included.</param>
/// <param name="Ended">It is dead, and still named: a zombie that is not reaped yet, or one of which somebody has a handle.</param>
public sealed record ProcessFacts(
    int Pid,
    int ParentPid,
    int Session,
    long CreationTime,
    string Name,
    TimeSpan Cpu,
    TimeSpan ChildrenCpu,
    long ResidentBytes,
    int Threads,
    bool Ended)
{
    /// <summary>Null when there is no such process.</summary>
    public static ProcessFacts? Read(int pid) =>
        OperatingSystem.IsLinux() ? Linux.ProcStat.Read(pid)
        : OperatingSystem.IsWindows() ? Windows.Processes.ProcessTable.Read(pid)
        : throw Unsupported.Here("process table");

    /// <summary>Whether that very process is alive, and not another with its number, and not a zombie.</summary>
    public static bool IsAlive(int pid, long creationTime) => OperatingSystem.IsWindows()
        ? Windows.Processes.ProcessTable.IsAlive(pid, creationTime)
        : Read(pid) is { Ended: false } facts && facts.CreationTime == creationTime;

    /// <summary>How long ago a process with this creation time was created, under the present boot.</summary>
    public static TimeSpan Age(long creationTime) =>
        OperatingSystem.IsLinux() ? BootClock.SinceBoot - TimeSpan.FromSeconds(creationTime / 100.0)
        : OperatingSystem.IsWindows() ? Windows.Processes.ProcessTable.Age(creationTime)
        : throw Unsupported.Here("process table");

    /// <summary>The path of its program; null when it is gone or not ours to see.</summary>
    public static string? Executable(int pid) =>
        OperatingSystem.IsLinux() ? Linux.ProcStat.Executable(pid)
        : OperatingSystem.IsWindows() ? Windows.Processes.ProcessTable.Executable(pid)
        : throw Unsupported.Here("process table");

    /// <summary>How many descriptors it has open; null when it is gone or not ours to see.</summary>
    public static int? OpenFiles(int pid) =>
        OperatingSystem.IsLinux() ? Linux.ProcStat.OpenFiles(pid)
        : OperatingSystem.IsWindows() ? Windows.Processes.ProcessTable.OpenFiles(pid)
        : throw Unsupported.Here("process table");
}
