using System.Net.Sockets;
using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>One connection between processes of this host: a Unix socket, on Windows a named pipe.</summary>
public sealed class LocalConnection : IDisposable
{
    internal LocalConnection(Stream stream, PeerIdentity peer) => (Stream, Peer) = (stream, peer);

    /// <summary>Bytes both ways. Who closes it ends the connection.</summary>
    public Stream Stream { get; }

    /// <summary>Who is at the other end, as the operating system saw it when the connection was made.</summary>
    public PeerIdentity Peer { get; }

    /// <returns>Or <c>endpoint.nobody</c> (Unavailable) where nobody listens, <c>endpoint.no-right</c> (Refused) where we may not.</returns>
    public static Outcome<LocalConnection> Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsWindows()
            ? Windows.Endpoints.PipeEndpoint.Connect(path)
            : LocalEndpoint.Connect(path).Then(Known);
    }

    /// <summary>The same by what the other end has told of itself (<see cref="LocalEndpoint.AddressOf"/>).</summary>
    public static Outcome<LocalConnection> OpenAddress(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return OperatingSystem.IsWindows() ? Windows.Endpoints.PipeEndpoint.ConnectTo(address) : Open(address);
    }

    public void Dispose() => Stream.Dispose();

    internal static LocalConnection Over(Socket socket) => new(new NetworkStream(socket, ownsSocket: true), PeerIdentity.Of(socket));

    private static Outcome<LocalConnection> Known(Socket socket)
    {
        try
        {
            return Over(socket);
        }
        catch (SocketException gone)
        {
            socket.Dispose();
            return new Problem(ProblemKind.Unavailable, "endpoint.nobody", "Who answered is gone already.") { Why = gone.Message };
        }
    }
}
