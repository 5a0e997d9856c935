using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Rpc.Tls;

namespace Holdfast.Rpc.Client;

/// <summary>How a channel reaches its server.</summary>
public sealed class RpcTransport
{
    private readonly Func<CancellationToken, ValueTask<Stream>>? connect;

    private readonly Func<TlsIdentity>? identity;

    private readonly UnprovenServer? unproven;

    private readonly X509ChainPolicy? believed;

    private RpcTransport(Uri address, Func<CancellationToken, ValueTask<Stream>>? connect, Func<TlsIdentity>? identity = null, UnprovenServer? unproven = null, X509ChainPolicy? believed = null)
    {
        Address = address;
        this.connect = connect;
        this.identity = identity;
        this.unproven = unproven;
        this.believed = believed;
    }

    /// <summary>Scheme and authority of every request.</summary>
    internal Uri Address { get; }

    internal bool IsLocal => connect is not null;

    /// <summary>HTTP/2 without TLS (<c>http://</c>) or with it (<c>https://</c>).</summary>
    /// <param name="believed">Who makes a server's certificate a good one; null: the machine's own roots.</param>
    public static RpcTransport Tcp(Uri address, X509ChainPolicy? believed = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new(address, null, believed: believed);
    }

    /// <summary>HTTP/2 in mutual TLS (<c>https://</c>).</summary>
    /// <param name="identity">Asked for at each handshake.</param>
    public static RpcTransport Tls(Uri address, Func<TlsIdentity> identity)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(identity);
        if (address.Scheme != Uri.UriSchemeHttps) throw new ArgumentException($"{address} is not https", nameof(address));
        return new(address, null, identity);
    }

    /// <summary>HTTP/2 in TLS (<c>https://</c>) by who has no certificate and no root yet: it proves the server itself, before it sends what matters.</summary>
    /// <param name="server">Is told what each connection's server showed.</param>
    public static RpcTransport Tls(Uri address, UnprovenServer server)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(server);
        if (address.Scheme != Uri.UriSchemeHttps) throw new ArgumentException($"{address} is not https", nameof(address));
        return new(address, null, null, server);
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
        if (believed is not null) handler.SslOptions.CertificateChainPolicy = believed;
        if (identity is null && unproven is null) return;
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        handler.SslOptions.AllowTlsResume = false;
        handler.SslOptions.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        if (unproven is not null) handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, errors) => unproven.Take(shown, errors);
        if (identity is null) return;
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => identity().Certificate;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, errors) => PeerCheck.TakesServer(identity(), shown, errors);
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
