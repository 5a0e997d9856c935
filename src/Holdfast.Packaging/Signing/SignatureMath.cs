using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Packaging.Signing;

/// <summary>Whether a signature is arithmetically right and strong enough. Who made it is another question.</summary>
internal static class SignatureMath
{
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string Sha384 = "2.16.840.1.101.3.4.2.2";
    private const string Sha512 = "2.16.840.1.101.3.4.2.3";
    private const int MinRsaBits = 2048;
    private const int MinEcdsaBits = 256;

    /// <summary>Null when it is right; else why not, in words.</summary>
    public static string? WhyWrong(DecodedSignature signature)
    {
        if (signature.Signer.DigestAlgorithm.Value is not (Sha256 or Sha384 or Sha512)) return "it uses a digest other than SHA-256, SHA-384 and SHA-512";
        if (WhyWeak(signature.Certificate) is { } weak) return weak;
        try
        {
            signature.Signer.CheckSignature(verifySignatureOnly: true);
            return null;
        }
        catch (CryptographicException)
        {
            return "it is not a signature of this manifest: one of them was changed";
        }
    }

    /// <summary>Null when the certificate's key is strong enough.</summary>
    public static string? WhyWeak(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null) return rsa.KeySize >= MinRsaBits ? null : $"the RSA key of {certificate.Subject} has {rsa.KeySize} bits; {MinRsaBits} are needed";
        using var ecdsa = certificate.GetECDsaPublicKey();
        if (ecdsa is not null) return ecdsa.KeySize >= MinEcdsaBits ? null : $"the ECDSA key of {certificate.Subject} has {ecdsa.KeySize} bits; {MinEcdsaBits} are needed";
        return $"the key of {certificate.Subject} is neither RSA nor ECDSA";
    }
}
