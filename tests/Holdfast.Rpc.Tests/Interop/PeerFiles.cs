using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Holdfast.Rpc.Tls;

namespace Holdfast.Rpc.Tests.Interop;

/// <summary>What the peers read: the contract, and what one side of mutual TLS shows and believes.</summary>
internal sealed class PeerFiles : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-peer-").FullName;

    public PeerFiles(TlsIdentity? identity)
    {
        var contract = new FileDescriptorSet { File = { FileDescriptorProto.Parser.ParseFrom(Grpc.Testing.InteropReflection.Descriptor.SerializedData) } };
        Arguments = ["--contract", Write("contract.bin", contract.ToByteArray())];
        if (identity is null) return;
        using var key = identity.Certificate.GetECDsaPrivateKey()!;
        Arguments =
        [
            .. Arguments,
            "--ca", Write("ca.pem", Text(string.Join('\n', identity.Roots.Select(root => root.ExportCertificatePem())))),
            "--cert", Write("cert.pem", Text(identity.Certificate.ExportCertificatePem())),
            "--key", Write("key.pem", Text(key.ExportPkcs8PrivateKeyPem())),
        ];
    }

    /// <summary>The command line that names them.</summary>
    public IReadOnlyList<string> Arguments { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Text(string pem) => System.Text.Encoding.ASCII.GetBytes(pem + "\n");

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
