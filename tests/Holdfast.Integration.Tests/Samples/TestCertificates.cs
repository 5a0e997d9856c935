using Holdfast.Testing.Certificates;

namespace Holdfast.Integration.Tests.Samples;

/// <summary>Files for mutual TLS on 127.0.0.1, as a CA would give them out: a server's, a client's, and what both believe.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hf-certs-");

    public TestCertificates()
    {
        using var ca = new TestCa();
        Server = Options(ca.Files(folder.FullName, "server", TestCa.ForServers));
        Client = Options(ca.Files(folder.FullName, "client", TestCa.ForClients));
    }

    /// <summary>A server's options that name its files.</summary>
    public IReadOnlyList<string> Server { get; }

    /// <summary>A client's.</summary>
    public IReadOnlyList<string> Client { get; }

    public void Dispose() => folder.Delete(recursive: true);

    private static string[] Options((string Certificate, string Key, string Root) files) => ["--cert", files.Certificate, "--key", files.Key, "--ca", files.Root];
}
