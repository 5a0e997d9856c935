using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Rpc.Tls;

/// <summary>
/// What one side of a connection with mutual TLS shows, and whom it believes. Both sides have one. It is asked for at each handshake, so a renewed certificate,
/// another root or a new revocation counts from the next connection on, without a restart.
/// </summary>
/// <param name="Certificate">Ours, with its key.</param>
/// <param name="Roots">Whose signature makes a peer's certificate a good one. Nobody else's does, whatever the system trusts.</param>
public sealed record TlsIdentity(X509Certificate2 Certificate, X509Certificate2Collection Roots)
{
    /// <summary>Why a certificate that is otherwise good is refused, as a clause; null: it is not. For revocation, and for who may come in at all.</summary>
    public Func<X509Certificate2, string?> Refuse { get; init; } = _ => null;

    /// <summary>From PEM texts: our certificate, its key (not encrypted), and one root or several.</summary>
    /// <exception cref="CryptographicException">A text is not what it should be, or key and certificate do not belong together.</exception>
    public static TlsIdentity FromPem(string certificate, string key, string roots)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(roots);
        using var own = X509Certificate2.CreateFromPem(certificate, key);
        // Windows' TLS cannot use a key that was never in a store or a file of its own.
        return new(OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null) : new X509Certificate2(own), trusted);
    }
}
