using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Packaging.Trust;

/// <summary>A certificate revocation list (RFC 5280, complete lists only) as it was read from a file.</summary>
public sealed class RevocationList
{
    private readonly ReadOnlyMemory<byte> signedPart;
    private readonly ReadOnlyMemory<byte> issuer;
    private readonly string algorithm;
    private readonly byte[] signature;
    private readonly DateTimeOffset thisUpdate;
    private readonly DateTimeOffset nextUpdate;
    private readonly HashSet<BigInteger> serials = [];

    private RevocationList(string source, byte[] der)
    {
        Source = source;
        AsnReader outer = new(der, AsnEncodingRules.DER);
        var list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        signedPart = list.PeekEncodedValue();
        var body = list.ReadSequence();
        algorithm = list.ReadSequence().ReadObjectIdentifier();
        signature = list.ReadBitString(out _);
        list.ThrowIfNotEmpty();

        if (body.PeekTag() == Asn1Tag.Integer) body.ReadInteger();
        body.ReadSequence();
        issuer = body.ReadEncodedValue();
        thisUpdate = ReadTime(body);
        // Without a next update nobody can say until when the list holds: it is current at no time.
        nextUpdate = body.HasData && IsTime(body.PeekTag()) ? ReadTime(body) : DateTimeOffset.MinValue;
        if (body.HasData && body.PeekTag() == Asn1Tag.Sequence) ReadEntries(body.ReadSequence());
        if (body.HasData) RefuseCritical(body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)).ReadSequence());
    }

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>Reads a list in DER or PEM.</summary>
    /// <exception cref="CryptographicException">It is no revocation list that is understood.</exception>
    internal static RevocationList Read(string source, byte[] content)
    {
        try
        {
            var text = System.Text.Encoding.Latin1.GetString(content);
            if (!PemEncoding.TryFind(text, out var pem)) return new(source, content);
            if (text[pem.Label] != "X509 CRL") throw new CryptographicException($"it holds a {text[pem.Label]}");
            return new(source, Convert.FromBase64String(text[pem.Base64Data]));
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("it is not a revocation list in DER or PEM", exception);
        }
    }

    /// <summary>Whether this certificate issued the list: its name is in it and its key signed it.</summary>
    internal bool IsOf(X509Certificate2 certificate)
    {
        if (!certificate.SubjectName.RawData.AsSpan().SequenceEqual(issuer.Span)) return false;
        (HashAlgorithmName Hash, bool Rsa)? scheme = algorithm switch
        {
            "1.2.840.113549.1.1.11" => (HashAlgorithmName.SHA256, true),
            "1.2.840.113549.1.1.12" => (HashAlgorithmName.SHA384, true),
            "1.2.840.113549.1.1.13" => (HashAlgorithmName.SHA512, true),
            "1.2.840.10045.4.3.2" => (HashAlgorithmName.SHA256, false),
            "1.2.840.10045.4.3.3" => (HashAlgorithmName.SHA384, false),
            "1.2.840.10045.4.3.4" => (HashAlgorithmName.SHA512, false),
            _ => null,
        };
        if (scheme is not { } known) return false;
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return known.Rsa
            ? rsa?.VerifyData(signedPart.Span, signature, known.Hash, RSASignaturePadding.Pkcs1) == true
            : ecdsa?.VerifyData(signedPart.Span, signature, known.Hash, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    internal bool IsCurrent(DateTimeOffset now) => thisUpdate <= now && now <= nextUpdate;

    internal bool Revokes(X509Certificate2 certificate) => serials.Contains(new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true));

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            serials.Add(entry.ReadInteger());
            ReadTime(entry);
            if (entry.HasData) RefuseCritical(entry.ReadSequence());
        }
    }

    /// <summary>A critical extension changes what the list covers (indirect or partial lists): such a list is not understood here.</summary>
    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var name = extension.ReadObjectIdentifier();
            if (extension.HasData && extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean())
                throw new CryptographicException($"it has the critical extension {name}: only complete lists are read");
        }
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
