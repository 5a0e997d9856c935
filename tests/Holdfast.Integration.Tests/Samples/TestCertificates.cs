using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Integration.Tests.Samples;

/// <summary>Files for mutual TLS on 127.0.0.1, as a CA would give them out: a server's, a client's, and what both believe.</summary>
internal sealed class TestCertificates : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hf-certs-");
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder.FullName, "ca.pem"), root.ExportCertificatePem());
        Server = Write(root, "server", ForServers);
        Client = Write(root, "client", ForClients);
    }

    /// <summary>A server's options that name its files.</summary>
    public IReadOnlyList<string> Server { get; }

    /// <summary>A client's.</summary>
    public IReadOnlyList<string> Client { get; }

    public void Dispose() => folder.Delete(recursive: true);

    private string[] Write(X509Certificate2 root, string name, string use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path + ".pem", signed.ExportCertificatePem());
        File.WriteAllText(path + ".key", key.ExportPkcs8PrivateKeyPem());
        return ["--cert", path + ".pem", "--key", path + ".key", "--ca", Path.Combine(folder.FullName, "ca.pem")];
    }
}
