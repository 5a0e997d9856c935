using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Holdfast.Rpc.Tls;

/// <summary>A listener of Kestrel's that speaks HTTP/2 in mutual TLS and nothing else.</summary>
public static class TlsListening
{
    /// <param name="identity">Asked at each handshake.</param>
    /// <param name="refused">Told who was not let in and why; the client itself learns only that the handshake failed.</param>
    /// <param name="noneToo">Whether who shows no certificate is let in. Whoever owns the server must refuse it all methods that are not meant for everybody.</param>
    public static void UseMutualTls(this ListenOptions listen, Func<TlsIdentity> identity, Action<RefusedPeer> refused, bool noneToo = false)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.Protocols = HttpProtocols.Http2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = connection =>
            {
                var now = identity();
                var from = connection.Connection.RemoteEndPoint;
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificate = now.Certificate,
                    // It is asked for; what becomes of who has none is said below.
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CertificateRevocationCheckMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => (shown is null && noneToo) || PeerCheck.TakesClient(now, shown, (why, certificate) => refused(new(why, from, certificate))),
                    // A resumed session would be a connection whose certificate nobody has looked at again.
                    AllowTlsResume = false,
                });
            },
        });
    }
}
