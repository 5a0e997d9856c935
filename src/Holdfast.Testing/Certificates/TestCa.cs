using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Rpc.Tls;

namespace Holdfast.Testing.Certificates;

/// <summary>A root and what it signs, good or bad in one respect.</summary>
public sealed class TestCa : IDisposable
{
    public const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 root;

    public TestCa(string name = "CN=Test root")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <param name="use">One of the two constants.</param>
    /// <param name="until">From now; negative: it has ended.</param>
    /// <param name="host">The name that a server's certificate is for; 127.0.0.1 where nothing is said.</param>
    public TlsIdentity Identity(string subject, string use, TimeSpan? until = null, string? host = null, params IEnumerable<TestCa> trusts)
    {
        var (certificate, key) = Pem(subject, use, until, host);
        return TlsIdentity.FromPem(certificate, key, string.Join('\n', trusts.DefaultIfEmpty(this).Select(ca => ca.root.ExportCertificatePem())));
    }

    /// <summary>The same as files, for programs that are not ours: their certificate, its key, and the root they believe.</summary>
    public (string Certificate, string Key, string Root) Files(string folder, string subject, string use)
    {
        var (certificate, key) = Pem(subject, use, null, null);
        var path = Path.Combine(folder, subject);
        var (certificateFile, keyFile, rootFile) = (path + ".pem", path + ".key", Path.Combine(folder, "ca.pem"));
        File.WriteAllText(certificateFile, certificate);
        File.WriteAllText(keyFile, key);
        File.WriteAllText(rootFile, root.ExportCertificatePem());
        return (certificateFile, keyFile, rootFile);
    }

    public void Dispose() => root.Dispose();

    private (string Certificate, string Key) Pem(string subject, string use, TimeSpan? until, string? host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var names = new SubjectAlternativeNameBuilder();
        if (host is null) names.AddIpAddress(IPAddress.Loopback);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, Now.AddYears(-1), Now + (until ?? TimeSpan.FromDays(1)), RandomNumberGenerator.GetBytes(8));
        return (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
