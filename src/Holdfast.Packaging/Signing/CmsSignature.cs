using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Packaging.Signing;

internal static class CmsSignature
{
    /// <summary>
    /// A detached CMS signature with SHA-256, the signer's certificate and its intermediates (never the root: a verifier has its own),
    /// and the signer's time as a claim.
    /// </summary>
    public static byte[] Create(ReadOnlyMemory<byte> content, SigningIdentity identity, DateTimeOffset now)
    {
        CmsSigner signer = new(SubjectIdentifierType.IssuerAndSerialNumber, identity.Certificate, identity.Key)
        {
            DigestAlgorithm = new Oid(SignatureMath.Sha256),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        signer.Certificates.AddRange(identity.Intermediates);
        signer.SignedAttributes.Add(new Pkcs9SigningTime(now.UtcDateTime));
        SignedCms cms = new(new ContentInfo(content.ToArray()), detached: true);
        cms.ComputeSignature(signer, silent: true);
        return cms.Encode();
    }
}
