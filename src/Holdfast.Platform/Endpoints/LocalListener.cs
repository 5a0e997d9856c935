using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform;

/// <summary>Lets other processes of this host connect, under a path; on Windows the name of a pipe is made from that.</summary>
public abstract class LocalListener : IDisposable
{
    /// <summary>To keep over <see cref="NextImage"/>; on Windows, where nothing is kept, that of no use.</summary>
    public abstract SafeHandle Handle { get; }

    /// <summary>As <see cref="LocalEndpoint.Listen"/>: whoever else listens there already is a Conflict (<c>endpoint.taken</c>).</summary>
    /// <param name="group">By name: its members may connect too. Null: only our own account (and who administers the host).</param>
    public static Outcome<LocalListener> Open(string path, string? group = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsWindows()) return Windows.Endpoints.PipeListener.Open(path, group);
        var number = group is null ? null : AccountDirectory.FindGroup(group);
        return LocalEndpoint.Listen(path, number is null ? LocalEndpoint.OwnerOnly : LocalEndpoint.OwnerAndGroup, number)
            .Then(socket => Outcome.Of<LocalListener>(new SocketListener(socket)));
    }

    /// <summary>The one that this process's earlier image had: who connected meanwhile is waiting in it.</summary>
    public static LocalListener TakeOver(SafeFileHandle handle) => new SocketListener(LocalEndpoint.TakeOver(handle));

    /// <summary>The next connection; null when this was disposed of.</summary>
    /// <exception cref="IOException">One could not be accepted; the next may be.</exception>
    public abstract Task<LocalConnection?> AcceptAsync();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
