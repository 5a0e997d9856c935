using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;

namespace Holdfast.Identity.Certificates;

/// <summary>What somebody shows who calls a node, as <c>holdfast certs issue</c> wrote it: key, certificate and roots as PEM texts. The key may lie beside it.</summary>
public sealed record IdentityFile(string Certificate, string Key, string Roots)
{
    /// <summary>A key that never left its machine lies beside the certificate that came back: <c>alice.pem</c>, <c>alice.key</c>.</summary>
    public const string KeyExtension = ".key";

    /// <summary>Reads it, and says everything that would make a node refuse it and can be seen from here.</summary>
    public static Outcome<IdentityFile> Read(string path, DateTimeOffset now)
    {
        try
        {
            var text = File.ReadAllText(path);
            X509Certificate2Collection all = [];
            all.ImportFromPem(text);
            if (all.Count == 0) return Bad(path, "it holds no certificate");
            if (all.Count == 1) return Bad(path, "it holds no root's certificate beside the first: whom to believe is not known");
            var beside = Path.ChangeExtension(path, KeyExtension);
            var key = text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? text : File.Exists(beside) ? File.ReadAllText(beside) : null;
            if (key is null) return Bad(path, $"it holds no private key, and {beside} is not there");
            using var own = X509Certificate2.CreateFromPem(text, key);
            if (own.NotAfter.ToUniversalTime() < now.UtcDateTime) return Ended(path, own);
            return new IdentityFile(own.ExportCertificatePem(), key, string.Join('\n', all.Skip(1).Select(root => root.ExportCertificatePem())));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Problem(ProblemKind.NotFound, "identity.not-there", $"{path} is not there.") { Mend = "name the file that `holdfast certs issue` wrote, with --identity or HOLDFAST_IDENTITY" };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return Bad(path, e.Message);
        }
    }

    private static Problem Bad(string path, string why) => new(ProblemKind.BadInput, "identity.file", $"{path} cannot be shown to a node.") { Why = why, Mend = "it is a file as `holdfast certs issue` writes it" };

    private static Problem Ended(string path, X509Certificate2 own) =>
        new(ProblemKind.Refused, "identity.ended", $"The certificate in {path} ended on {own.NotAfter.ToUniversalTime():u}.") { Mend = "ask for another: `holdfast certs renew` on the node that gave it out" };
}
