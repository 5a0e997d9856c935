namespace Holdfast.Platform;

/// <summary>The process that listens on a TCP port of this host.</summary>
/// <param name="Command">The short name of its program.</param>
public sealed record PortOwner(int Pid, string Command)
{
    /// <summary>Null when nobody listens there, or when it is somebody whom this account may not see (<see cref="IsTaken"/> tells which).</summary>
    public static PortOwner? Find(int port) =>
        OperatingSystem.IsLinux() ? Linux.TcpListeners.OwnerOf(port)
        : OperatingSystem.IsWindows() ? Windows.Ports.TcpTable.OwnerOf(port)
        : throw Unsupported.Here("port table");

    /// <summary>Whether anybody listens on the port, on any address.</summary>
    public static bool IsTaken(int port) =>
        OperatingSystem.IsLinux() ? Linux.TcpListeners.IsTaken(port)
        : OperatingSystem.IsWindows() ? Windows.Ports.TcpTable.IsTaken(port)
        : throw Unsupported.Here("port table");

    public override string ToString() => $"{Command} (PID {Pid})";
}
