using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;

namespace Holdfast.Packaging.Signing;

/// <summary>A certificate with its private key (RSA or ECDSA), and the intermediates that a verifier will need.</summary>
public sealed class SigningIdentity : IDisposable
{
    private SigningIdentity(X509Certificate2 certificate, AsymmetricAlgorithm key, X509Certificate2Collection intermediates)
    {
        Certificate = certificate;
        Key = key;
        Intermediates = intermediates;
    }

    public string Subject => Certificate.Subject;

    internal X509Certificate2 Certificate { get; }

    internal AsymmetricAlgorithm Key { get; }

    internal X509Certificate2Collection Intermediates { get; }

    /// <summary>PEM files: the certificate (first) with its intermediates, and the key (PKCS#8, SEC1 or PKCS#1; encrypted PKCS#8 with a password).</summary>
    public static Outcome<SigningIdentity> FromPem(string certificateFile, string keyFile, string? password) => Load(certificateFile, () =>
    {
        var certificates = File.ReadAllText(certificateFile);
        var certificate = X509Certificate2.CreateFromPem(certificates);
        X509Certificate2Collection all = [];
        all.ImportFromPem(certificates);
        return (certificate, PrivateKey.FromPem(certificate, File.ReadAllText(keyFile), password), all);
    });

    /// <summary>A PFX (PKCS#12) file.</summary>
    public static Outcome<SigningIdentity> FromPfx(string file, string? password) => Load(file, () =>
    {
        // The key stays in memory: it is never written to a key store of the account.
        var all = X509CertificateLoader.LoadPkcs12Collection(File.ReadAllBytes(file), password, X509KeyStorageFlags.EphemeralKeySet);
        var certificate = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
        return (certificate, (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey(), all);
    });

    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
    }

    private static Outcome<SigningIdentity> Load(string name, Func<(X509Certificate2 Certificate, AsymmetricAlgorithm? Key, X509Certificate2Collection All)> load)
    {
        try
        {
            var (certificate, key, all) = load();
            if (key is null) return Bad(name, "its key is neither RSA nor ECDSA", "use a certificate with such a key");
            var intermediates = all.Where(c => c.Thumbprint != certificate.Thumbprint && c.Subject != c.Issuer).ToArray();
            return new SigningIdentity(certificate, key, new X509Certificate2Collection(intermediates));
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
