using System.Net.Sockets;
using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// Sockets between processes of this host, in a folder that keeps strangers out; for who needs a socket (Kestrel). Everybody else takes
/// <see cref="LocalListener"/> and <see cref="LocalConnection"/>, which are pipes on Windows.
/// </summary>
public static class LocalEndpoint
{
    /// <summary>Only the owner may connect.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The owner and the socket's group may connect.</summary>
    public const UnixFileMode OwnerAndGroup = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Every account of this machine may connect: who it is has to be found out.</summary>
    public const UnixFileMode Everybody = OwnerAndGroup | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>What another program is told to connect to: the path of the socket, on Windows the name of the pipe that stands for it.</summary>
    public static string AddressOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsWindows() ? Windows.Endpoints.PipeEndpoint.NameOf(path) : path;
    }

    /// <summary>
    /// Listens at the path. A socket file that nobody answers behind is taken away first; one with a live owner is a Conflict
    /// (<c>endpoint.taken</c>). The file never exists with wider rights than <paramref name="mode"/>.
    /// </summary>
    /// <param name="group">The group that owns the socket file; null: ours.</param>
    public static Outcome<Socket> Listen(string path, UnixFileMode mode = OwnerOnly, uint? group = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.UnixEndpoint.Listen(path, mode, group) : throw Unsupported.Here("local endpoints");
    }

    /// <summary>The listening socket that this process's earlier image had: who connected meanwhile is waiting in it.</summary>
    public static Socket TakeOver(Microsoft.Win32.SafeHandles.SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        var socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        // One owner: the socket closes it from now on.
        handle.SetHandleAsInvalid();
        return socket;
    }

    /// <returns>Or <c>endpoint.nobody</c> (Unavailable) where nobody listens, <c>endpoint.no-right</c> (Refused) where we may not.</returns>
    public static Outcome<Socket> Connect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.UnixEndpoint.Connect(path) : throw Unsupported.Here("local endpoints");
    }

    /// <summary>When nobody listens there any more: the file that stood for it goes. A pipe of Windows goes by itself.</summary>
    public static void Remove(string path)
    {
        if (!OperatingSystem.IsWindows()) File.Delete(path);
    }

    /// <summary>A Problem <c>endpoint.path-too-long</c> where the path does not fit into a socket address (107 bytes on Linux). The name of a pipe on Windows is made from a digest, and always fits.</summary>
    public static Outcome<Done> CheckPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? Linux.UnixEndpoint.CheckPath(path)
            : OperatingSystem.IsWindows() ? Outcome.Done
            : throw Unsupported.Here("local endpoints");
    }
}
