using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Trust;

namespace Holdfast.Packaging.Tests.Kit;

/// <summary>A certificate authority for one test, which can also issue what nobody should trust.</summary>
public sealed class TestAuthority : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder folder = new();
    private int serial;

    public TestAuthority(string name = "CN=Test Root", bool rsa = false)
    {
        using var key = Key(rsa);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(Now.AddYears(-5), Now.AddYears(5));
        folder.Write("root.pem", Root.ExportCertificatePem());
    }

    public X509Certificate2 Root { get; }

    public string RootFile => folder["root.pem"];

    /// <summary>Files of a certificate and its key.</summary>
    public sealed record Issued(string Certificate, string Key)
    {
        public SigningIdentity Identity => SigningIdentity.FromPem(Certificate, Key, null).Value;

        public X509Certificate2 Read() => X509Certificate2.CreateFromPemFile(Certificate, Key);
    }

    public Issued Issue(
        string subject = "CN=Release One", bool rsa = false, int? rsaBits = null, bool codeSigning = true, DateTimeOffset? from = null, DateTimeOffset? until = null,
        string? email = null, AsymmetricAlgorithm? key = null, X509Certificate2? issuer = null, bool authority = false)
    {
        using var own = key is null ? Key(rsa, rsaBits) : null;
        var used = key ?? own!;
        var request = Request(subject, used);
        if (authority)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        }
        else
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(codeSigning ? "1.3.6.1.5.5.7.3.3" : "1.3.6.1.5.5.7.3.1")], false));
        }

        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (email is not null)
        {
            SubjectAlternativeNameBuilder names = new();
            names.AddEmailAddress(email);
            request.CertificateExtensions.Add(names.Build());
        }

        var number = Interlocked.Increment(ref serial);
        var above = issuer ?? Root;
        var generator = above.GetECDsaPrivateKey() is { } ecdsa ? X509SignatureGenerator.CreateForECDsa(ecdsa) : X509SignatureGenerator.CreateForRSA(above.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(above.SubjectName, generator, from ?? Now.AddYears(-1), until ?? Now.AddYears(1), [0x40, (byte)(number >> 8), (byte)number]);
        return new(folder.Write($"{number}.pem", certificate.ExportCertificatePem()), folder.Write($"{number}.key", used.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>A policy with this root, and what else the YAML says.</summary>
    public TrustPolicy Policy(string rest = "signers: [{service: '*'}]") =>
        TrustPolicy.Parse($"apiVersion: holdfast/v1\nkind: TrustPolicy\nroots: [{{file: '{RootFile}'}}]\n{rest}\n", folder["trust.yaml"]).Value;

    public void Dispose()
    {
        Root.Dispose();
        folder.Dispose();
    }

    private static AsymmetricAlgorithm Key(bool rsa, int? bits = null) => rsa ? RSA.Create(bits ?? 2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key) => key is RSA rsa
        ? new(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new(subject, (ECDsa)key, HashAlgorithmName.SHA256);
}
