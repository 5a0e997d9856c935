namespace Holdfast.Platform;

/// <summary>Opens the host of this operating system.</summary>
public static class ProcessHost
{
    /// <param name="place">Whose processes it keeps: containers of another supervisor are never touched.</param>
    /// <param name="options">What to use of what the host offers; null is the best of everything.</param>
    public static IProcessHost Create(SupervisorPlace place, ProcessHostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(place);
        return OperatingSystem.IsLinux()
            ? Linux.LinuxProcessHost.Create(place, options ?? new())
            : OperatingSystem.IsWindows()
            ? new Windows.WindowsProcessHost(place, options ?? new())
            : throw Unsupported.Here("process host");
    }
}
