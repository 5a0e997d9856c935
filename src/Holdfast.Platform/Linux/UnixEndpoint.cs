using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static class UnixEndpoint
{
    /// <summary>sun_path is 108 bytes with its closing zero.</summary>
    internal const int LongestPath = 107;

    private const int Backlog = 128;

    public static Outcome<Done> CheckPath(string path) => Encoding.UTF8.GetByteCount(path) is var length and > LongestPath
        ? new Problem(ProblemKind.BadInput, "endpoint.path-too-long", $"The socket path {path} is {length} bytes long; a socket address holds {LongestPath}.")
        {
            Mend = $"choose a home with a path that is {length - LongestPath} bytes shorter (--home or {Home.Variable})",
        }
        : Outcome.Done;

    public static Outcome<Socket> Listen(string path, UnixFileMode mode, uint? group) =>
        CheckPath(path).Then(_ => TakeAwayStale(path)).Then(_ => Bind(path, mode, group));

    public static Outcome<Socket> Connect(string path) => CheckPath(path).Then<Socket>(_ =>
    {
        var socket = NewSocket();
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            return failure.SocketErrorCode == SocketError.AccessDenied
                ? new Problem(ProblemKind.Refused, "endpoint.no-right", $"This account may not connect to {path}.")
                : new Problem(ProblemKind.Unavailable, "endpoint.nobody", $"Nobody answers at {path}.") { Why = failure.Message };
        }
    });

    private static Outcome<Done> TakeAwayStale(string path)
    {
        if (!Path.Exists(path))
            return Outcome.Done;
        if (Connect(path).TryGet(out var answering))
        {
            answering.Dispose();
            return new Problem(ProblemKind.Conflict, "endpoint.taken", $"Another process listens at {path} already.");
        }

        if (!PosixFileFacts.IsSocket(path))
            return new Problem(ProblemKind.Refused, "endpoint.not-a-socket", $"{path} exists and is not a socket.") { Mend = "move it away; it is not ours to remove" };
        return Libc.Unlink(path) == 0 || Errno.Last == Errno.ENOENT
            ? Outcome.Done
            : new Problem(ProblemKind.Failed, "endpoint.listen-failed", $"Cannot remove the stale socket {path}: {Errno.Describe(Errno.Last)}.");
    }

    private static Outcome<Socket> Bind(string path, UnixFileMode mode, uint? group)
    {
        var socket = NewSocket();
        try
        {
            // The file takes its rights from the socket at bind, so it never exists with wider ones; the umask may have
            // narrowed them, hence again below, when the group is right.
            if (Libc.ChangeMode(socket.SafeHandle, (uint)mode) < 0)
                throw Errno.Failure("fchmod of a socket");
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (group is { } owner && Libc.ChangeOwner(path, Libc.NoChange, owner) < 0)
                throw Errno.Failure($"give {path} to group {owner}");
            File.SetUnixFileMode(path, mode);
            socket.Listen(Backlog);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            return new Problem(ProblemKind.Failed, "endpoint.listen-failed", $"Cannot listen at {path}: {failure.Message}");
        }
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
