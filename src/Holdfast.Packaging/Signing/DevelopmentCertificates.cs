using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Packaging.Signing;

/// <summary>The two certificates of a <see cref="DevelopmentAuthority"/>: ECDSA on P-256, with exactly the usages they need. Their keys stay apart from them.</summary>
internal static class DevelopmentCertificates
{
    private const int RootYears = 10;
    private const int SigningYears = 1;
    private const int SerialBytes = 16;

    /// <summary>Clocks of neighbours differ: what is made here must be valid there at once.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    public static X509Certificate2 Root(ECDsa key, string owner, DateTimeOffset now)
    {
        var name = NameOf($"Holdfast development CA of {owner}");
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.Create(name, X509SignatureGenerator.CreateForECDsa(key), now - ClockSlack, now.AddYears(RootYears), Serial());
    }

    public static X509Certificate2 Signing(ECDsa key, X509Certificate2 root, ECDsa rootKey, string owner, DateTimeOffset now)
    {
        CertificateRequest request = new(NameOf($"Holdfast development signing of {owner}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), now - ClockSlack, now.AddYears(SigningYears), Serial());
    }

    /// <summary>A positive number, of the same length each time.</summary>
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }

    private static X500DistinguishedName NameOf(string commonName)
    {
        X500DistinguishedNameBuilder builder = new();
        var shown = string.Concat(commonName.Where(c => !char.IsControl(c)));
        builder.AddCommonName(shown.Length <= 64 ? shown : shown[..64]);
        return builder.Build();
    }
}
