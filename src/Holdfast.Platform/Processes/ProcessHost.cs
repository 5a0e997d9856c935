namespace Holdfast.Platform;

/// <summary>Opens the host of this operating system.</summary>
public static class ProcessHost
{
    /// <param name="home">The home whose processes it keeps: containers of another home are never touched.</param>
    /// <param name="options">What to use of what the host offers; null is the best of everything.</param>
    public static IProcessHost Create(Home home, ProcessHostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(home);
        return OperatingSystem.IsLinux()
            ? Linux.LinuxProcessHost.Create(home, options ?? new())
            : throw Unsupported.Here("process host");
    }
}
