namespace Holdfast.Platform.Diagnostics;

/// <summary>Where the runtime of a .NET process takes questions about itself, and whether it is that process that answers there.</summary>
public static class DiagnosticsPort
{
    /// <summary>Connects. Throws IOException and SocketException: the process has no such port (it is no .NET process, has not begun yet, or was told to have none), or somebody else answers in its place.</summary>
    /// <param name="pid">Of the process.</param>
    /// <param name="cancel">Gives up.</param>
    public static Task<Stream> ConnectAsync(int pid, CancellationToken cancel) =>
        OperatingSystem.IsLinux() ? Linux.UnixDiagnosticsPort.ConnectAsync(pid, cancel)
        : OperatingSystem.IsWindows() ? Windows.Endpoints.PipeDiagnosticsPort.ConnectAsync(pid, cancel)
        : throw Unsupported.Here("the diagnostics port of a .NET process");
}
