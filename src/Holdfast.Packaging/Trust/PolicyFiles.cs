using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Holdfast.Core.Documents;
using Holdfast.Packaging.Content;

namespace Holdfast.Packaging.Trust;

/// <summary>Reads the certificates and revocation lists that a policy names; file names are relative to the policy's folder.</summary>
internal sealed class PolicyFiles(string policyFile, PolicyDocument read)
{
    private const long MaxFileBytes = 16 << 20;
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(policyFile))!;

    /// <summary>The certificates of one item of <c>roots</c>: a PEM file, or PEM in place.</summary>
    public IReadOnlyList<X509Certificate2> Certificates(DocumentNode node)
    {
        if (read.Mapping(node, "a root", "file", "pem") is not { } root) return [];
        if (root.Entries.Count != 1)
        {
            read.Note(root.Place, "policy.root", "a root needs either 'file' or 'pem'");
            return [];
        }

        var entry = root.Entries[0];
        if (read.Text(root, entry.Key) is not { } text) return [];
        if (entry.Key == "pem") return Parse(text, entry.Value, "the PEM text");
        return entry.Key == "file" && ReadFile(text, entry.Value) is { } bytes ? Parse(Encoding.Latin1.GetString(bytes), entry.Value, text) : [];
    }

    public RevocationList? RevocationList(DocumentNode node)
    {
        if (read.Mapping(node, "a revocation list", "file") is not { } list || read.Required(list, "file", "a revocation list") is not { } name) return null;
        if (ReadFile(name, node) is not { } bytes) return null;
        try
        {
            return Trust.RevocationList.Read(name, bytes);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            read.Note(node.Place, "policy.revocation-list", $"the revocation list {name} cannot be read", exception.Message);
            return null;
        }
    }

    private IReadOnlyList<X509Certificate2> Parse(string pem, DocumentNode node, string name)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            read.Note(node.Place, "policy.root", $"{name} holds a certificate that cannot be read", exception.Message);
            return [];
        }

        if (certificates.Count == 0) read.Note(node.Place, "policy.root", $"{name} holds no certificate", null, "write it in PEM: -----BEGIN CERTIFICATE-----");
        foreach (var certificate in certificates.Where(c => c.Subject != c.Issuer))
            read.Note(node.Place, "policy.root", $"{name} holds {certificate.Subject}, which is no root", "an authority signs itself; intermediates travel in the signatures", "name the root of its chain");
        return [.. certificates];
    }

    private byte[]? ReadFile(string name, DocumentNode node)
    {
        var path = Path.Combine(folder, name);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes }) return File.ReadAllBytes(path);
            read.Note(node.Place, "policy.file", File.Exists(path) ? $"{path} has more than {MaxFileBytes} bytes" : $"{path} does not exist", null, "file names are relative to the policy's folder");
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            read.Note(node.Place, "policy.file", FileTrouble.From(exception, $"read {path}").What);
        }

        return null;
    }
}
