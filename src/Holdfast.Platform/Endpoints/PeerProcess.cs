using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Holdfast.Core.Supervision;

namespace Holdfast.Platform;

/// <summary>
/// The process that made a local connection, held: what is found out about its number is about it, and not about another that was given the number later.
/// Take hold of it as soon as the connection is there.
/// </summary>
public abstract class PeerProcess : IDisposable
{
    private protected PeerProcess(int pid) => Pid = pid;

    public int Pid { get; }

    /// <summary>It has not ended.</summary>
    public abstract bool IsAlive { get; }

    /// <summary>Null: it is gone, or belongs to a namespace that we cannot see.</summary>
    /// <exception cref="SocketException">It is not a connected local socket.</exception>
    public static PeerProcess? Of(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return OperatingSystem.IsLinux() ? Linux.UnixPeerProcess.Of(socket) : throw Unsupported.Here("peer processes");
    }

    /// <summary>Null: it is gone, or not ours to see.</summary>
    [SupportedOSPlatform("windows")]
    public static PeerProcess? Of(NamedPipeServerStream pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        return Windows.Endpoints.PipePeerProcess.Of(pipe.SafePipeHandle);
    }

    /// <summary>
    /// The instance in whose container it runs now, by what the operating system says, and by nothing that the process says of itself. Hooks and probes are
    /// their instance's where containers are cgroups or jobs. Null: it runs in none of them, or has ended.
    /// </summary>
    /// <param name="instances">As their supervisors have just said.</param>
    public InstanceStatus? InstanceOf(IReadOnlyList<InstanceStatus> instances)
    {
        ArgumentNullException.ThrowIfNull(instances);
        var found = Find(instances);
        // Asked afterwards: while it lives nobody else has its number.
        return IsAlive ? found : null;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private protected abstract InstanceStatus? Find(IReadOnlyList<InstanceStatus> instances);

    protected abstract void Dispose(bool disposing);
}
