using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Auditing.Tree;

/// <summary>The public half of a log's key: ECDSA on P-256, signature type 0x02 of c2sp.org/signed-note. Signatures are DER, over SHA-256 of the text.</summary>
public sealed class NoteKey
{
    private const string Curve = "1.2.840.10045.3.1.7";

    private readonly byte[] info;

    private NoteKey(byte[] info)
    {
        this.info = info;
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(info));
    }

    /// <summary>The first four bytes of the SHA-256 of the key's SubjectPublicKeyInfo. It names a key; it proves nothing.</summary>
    public uint Id { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, 64 hexadecimal digits: to compare by eye, and to note elsewhere.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(info));

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlySpan<byte> Info => info;

    /// <summary>SubjectPublicKeyInfo, PEM, with a newline at its end.</summary>
    public string Pem => PemEncoding.WriteString("PUBLIC KEY", info) + "\n";

    /// <summary>Problems: <c>audit.key</c>: it is no public key of this kind.</summary>
    public static Outcome<NoteKey> FromPem(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (!PemEncoding.TryFind(pem, out var fields))
            return Bad("it holds no PEM");
        if (pem[fields.Label] != "PUBLIC KEY")
            return Bad($"it holds a {pem[fields.Label]}, not a PUBLIC KEY");
        return FromInfo(Convert.FromBase64String(pem[fields.Base64Data]));
    }

    /// <param name="info">SubjectPublicKeyInfo, DER.</param>
    public static Outcome<NoteKey> FromInfo(byte[] info)
    {
        ArgumentNullException.ThrowIfNull(info);
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(info, out var read);
            return read != info.Length ? Bad("something stands behind it")
                : key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value is Curve ? new NoteKey(info)
                : Bad("it is not on the curve P-256");
        }
        catch (CryptographicException e)
        {
            return Bad(e.Message);
        }
    }

    /// <summary>Whether the key made the signature over these bytes.</summary>
    public bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(info, out _);
        try
        {
            return key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // Some platforms throw at bytes that are no DER, others say no.
            return false;
        }
    }

    private static Problem Bad(string why) => new(ProblemKind.BadInput, "audit.key", "This is no public key of an audit log.")
    {
        Why = why,
        Mend = "give the file audit/public.pem of the node that the log is of (ECDSA P-256, PEM)",
    };
}
