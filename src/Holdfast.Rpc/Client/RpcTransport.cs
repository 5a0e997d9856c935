using System.Net.Sockets;

namespace Holdfast.Rpc.Client;

/// <summary>How a channel reaches its server.</summary>
public sealed class RpcTransport
{
    private readonly Func<CancellationToken, ValueTask<Stream>>? connect;

    private RpcTransport(Uri address, Func<CancellationToken, ValueTask<Stream>>? connect)
    {
        Address = address;
        this.connect = connect;
    }

    /// <summary>Scheme and authority of every request.</summary>
    internal Uri Address { get; }

    internal bool IsLocal => connect is not null;

    /// <summary>HTTP/2 without TLS (<c>http://</c>) or with it (<c>https://</c>).</summary>
    public static RpcTransport Tcp(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new(address, null);
    }

    /// <summary>The API of this machine: a Unix domain socket.</summary>
    public static RpcTransport UnixSocket(string path) => Local(cancel => ConnectUnixAsync(path, cancel));

    /// <summary>The API of this machine over whatever connects to it: on Windows a named pipe.</summary>
    /// <param name="connect">Throws a <see cref="SocketException"/> where nobody listens, or where we may not connect.</param>
    public static RpcTransport Local(Func<CancellationToken, ValueTask<Stream>> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        // The authority is never looked up; a fixed one keeps the path of the socket out of requests.
        return new(new Uri("http://localhost"), connect);
    }

    internal void Configure(SocketsHttpHandler handler)
    {
        if (connect is not null) handler.ConnectCallback = (_, cancel) => connect(cancel);
    }

    private static async ValueTask<Stream> ConnectUnixAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
