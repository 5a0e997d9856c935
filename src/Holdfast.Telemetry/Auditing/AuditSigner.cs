using System.Security.Cryptography;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Problems;

namespace Holdfast.Telemetry.Auditing;

/// <summary>The key that signs a log's checkpoints: ECDSA on P-256.</summary>
public sealed class AuditSigner
{
    private readonly byte[] secret;

    private AuditSigner(byte[] secret, NoteKey key)
    {
        this.secret = secret;
        Key = key;
    }

    /// <summary>What others check signatures with.</summary>
    public NoteKey Key { get; }

    /// <summary>A new key, as a file holds it: PKCS #8, PEM.</summary>
    public static string NewPem()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return made.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Problems: <c>audit.signing-key</c>.</summary>
    /// <param name="pem">What <see cref="NewPem"/> gave.</param>
    public static Outcome<AuditSigner> FromPem(string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            // A public key reads as well, and has nothing to export here.
            var secret = key.ExportPkcs8PrivateKey();
            var published = NoteKey.FromInfo(key.ExportSubjectPublicKeyInfo());
            return published.TryGet(out var note) ? new AuditSigner(secret, note) : Bad(published.Problems[0].Why ?? published.Problems[0].What);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return Bad(e.Message);
        }
    }

    /// <summary>The signature over these bytes, in DER.</summary>
    public byte[] Sign(byte[] text)
    {
        // Checkpoints are minutes apart: the key is not held open between them.
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret, out _);
        return key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>The key's file cannot be used, or is gone.</summary>
    public static Problem Bad(string why) => new(ProblemKind.Damaged, "audit.signing-key", "The key that signs the audit log cannot be used.")
    {
        Why = why,
        Mend = "bring keys/audit.key back from a backup; if there is none, move the audit folder away whole and keep it: a new log begins by itself, under a new key",
    };
}
