using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Identity.Certificates;

/// <summary>Certificates with exactly the usages they need, ECDSA on P-256 with SHA-256. Keys stay apart from them.</summary>
internal static class CertificateMaking
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";
    private const int AuthorityYears = 10;
    private const int SerialBytes = 16;

    /// <summary>Clocks of neighbours differ: what is made here must be valid there at once.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static X509Certificate2 Authority(ECDsa key, string name, DateTimeOffset now)
    {
        var subject = Subject($"Holdfast authority {name}");
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.Create(subject, X509SignatureGenerator.CreateForECDsa(key), now - ClockSlack, now.AddYears(AuthorityYears), Serial());
    }

    /// <param name="addresses">DNS names and IP addresses that a node answers under.</param>
    /// <param name="notAfter">Never later than the authority's own end.</param>
    public static X509Certificate2 Leaf(PublicKey key, PeerName peer, IReadOnlyList<string> addresses, X509Certificate2 authority, ECDsa authorityKey, DateTimeOffset now, DateTimeOffset notAfter) =>
        Leaf(key, peer.ToString(), peer.Role == PeerRole.Node ? [ServerUse, ClientUse] : [ClientUse], Names(peer.Uri, addresses), authority, authorityKey, now, notAfter);

    /// <summary>For a program that is not ours: its names are a common name and addresses, and nothing that our API would look at.</summary>
    public static X509Certificate2 ForeignLeaf(
        ECDsa key, string commonName, bool serves, bool calls, IReadOnlyList<string> addresses, X509Certificate2 authority, ECDsa authorityKey, DateTimeOffset now, DateTimeOffset notAfter)
    {
        string[] uses = [.. serves ? [ServerUse] : Array.Empty<string>(), .. calls ? [ClientUse] : Array.Empty<string>()];
        return Leaf(new PublicKey(key), commonName, uses, addresses.Count > 0 ? Names(null, addresses) : null, authority, authorityKey, now, notAfter);
    }

    /// <summary>A request for such a certificate (PKCS#10): names and usages are the authority's to give, and it ignores what is asked.</summary>
    public static string Request(ECDsa key, PeerName peer) =>
        new CertificateRequest(Subject(peer.ToString()), key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    private static X509Certificate2 Leaf(
        PublicKey key, string commonName, string[] uses, X509Extension? names, X509Certificate2 authority, ECDsa authorityKey, DateTimeOffset now, DateTimeOffset notAfter)
    {
        CertificateRequest request = new(Subject(commonName), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(use => new Oid(use))], critical: false));
        if (names is not null) request.CertificateExtensions.Add(names);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), now - ClockSlack, notAfter, Serial());
    }

    private static X509Extension Names(string? uri, IReadOnlyList<string> addresses)
    {
        SubjectAlternativeNameBuilder names = new();
        if (uri is not null) names.AddUri(new Uri(uri));
        foreach (var address in addresses)
        {
            if (IPAddress.TryParse(address, out var ip)) names.AddIpAddress(ip);
            else names.AddDnsName(address);
        }

        return names.Build();
    }

    /// <summary>A positive number, of the same length each time.</summary>
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }

    private static X500DistinguishedName Subject(string commonName)
    {
        X500DistinguishedNameBuilder builder = new();
        builder.AddCommonName(commonName.Length <= 64 ? commonName : commonName[..64]);
        return builder.Build();
    }
}
