using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;

namespace Holdfast.Packaging.Signing;

/// <summary>A certificate with its private key (RSA or ECDSA), and the intermediates that a verifier will need.</summary>
public sealed class SigningIdentity : IDisposable
{
    private SigningIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        Certificate = certificate;
        Intermediates = intermediates;
    }

    public string Subject => Certificate.Subject;

    internal X509Certificate2 Certificate { get; }

    internal X509Certificate2Collection Intermediates { get; }

    /// <summary>PEM files: the certificate (first) with its intermediates, and the key (PKCS#8, SEC1 or PKCS#1; encrypted PKCS#8 with a password).</summary>
    public static Outcome<SigningIdentity> FromPem(string certificateFile, string keyFile, string? password) => Load(certificateFile, () =>
    {
        var certificates = File.ReadAllText(certificateFile);
        var key = File.ReadAllText(keyFile);
        var certificate = password is null
            ? X509Certificate2.CreateFromPem(certificates, key)
            : X509Certificate2.CreateFromEncryptedPem(certificates, key, password);
        X509Certificate2Collection all = [];
        all.ImportFromPem(certificates);
        return (certificate, all);
    });

    /// <summary>A PFX (PKCS#12) file.</summary>
    public static Outcome<SigningIdentity> FromPfx(string file, string? password) => Load(file, () =>
    {
        // The key stays in memory: it is never written to a key store of the account.
        var all = X509CertificateLoader.LoadPkcs12Collection(File.ReadAllBytes(file), password, X509KeyStorageFlags.EphemeralKeySet);
        var certificate = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
        return (certificate, all);
    });

    public void Dispose() => Certificate.Dispose();

    private static Outcome<SigningIdentity> Load(string name, Func<(X509Certificate2 Certificate, X509Certificate2Collection All)> load)
    {
        try
        {
            var (certificate, all) = load();
            if (certificate.GetRSAPublicKey() is null && certificate.GetECDsaPublicKey() is null)
                return Bad(name, "its key is neither RSA nor ECDSA", "use a certificate with such a key");
            var intermediates = all.Where(c => c.Thumbprint != certificate.Thumbprint && c.Subject != c.Issuer).ToArray();
            return new SigningIdentity(certificate, new X509Certificate2Collection(intermediates));
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read the signing key of {name}");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return Bad(name, exception.Message, "check that the key belongs to the certificate, and the password");
        }
    }

    private static Problem Bad(string name, string why, string mend) =>
        new(ProblemKind.BadInput, "sign.identity", $"{name} cannot be used to sign") { Why = why, Mend = mend };
}
