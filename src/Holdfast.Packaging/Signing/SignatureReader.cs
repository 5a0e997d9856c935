using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Packaging.Reading;

namespace Holdfast.Packaging.Signing;

/// <summary>A CMS signature that could be decoded; whether it is true is asked elsewhere.</summary>
/// <param name="Cms">Detached, with the manifest as its content.</param>
/// <param name="Signer">Its only signer.</param>
/// <param name="Certificate">The signer's certificate, which the signature carries.</param>
internal sealed record DecodedSignature(SignedCms Cms, SignerInfo Signer, X509Certificate2 Certificate)
{
    public string Thumbprint => Certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    /// <summary>What the signer's clock said, if it is stated.</summary>
    public DateTimeOffset? SignedAt => Signer.SignedAttributes
        .Cast<CryptographicAttributeObject>()
        .SelectMany(a => a.Values.Cast<AsnEncodedData>())
        .OfType<Pkcs9SigningTime>()
        .Select(t => (DateTimeOffset?)new DateTimeOffset(t.SigningTime.ToUniversalTime(), TimeSpan.Zero))
        .FirstOrDefault();
}

internal static class SignatureReader
{
    /// <summary>The decoded signature, or why there is none, in words.</summary>
    public static (DecodedSignature? Signature, string? Unreadable) Decode(ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> content)
    {
        try
        {
            SignedCms cms = new(new ContentInfo(content.ToArray()), detached: true);
            cms.Decode(signature.Span);
            if (!cms.Detached) return (null, "it carries its own content instead of signing the manifest");
            if (cms.SignerInfos.Count != 1) return (null, $"it has {cms.SignerInfos.Count} signers; one is expected");
            var signer = cms.SignerInfos[0];
            return signer.Certificate is { } certificate
                ? (new(cms, signer, certificate), null)
                : (null, "it does not carry the signer's certificate");
        }
        catch (CryptographicException)
        {
            return (null, "it is not a CMS signature");
        }
    }

    public static SignatureInfo Describe(ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> content)
    {
        var (decoded, unreadable) = Decode(signature, content);
        if (decoded is null) return new("", "", "", default, default, null, unreadable);
        var certificate = decoded.Certificate;
        return new(
            certificate.Subject, certificate.Issuer, decoded.Thumbprint,
            new(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero), new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero), decoded.SignedAt);
    }
}
