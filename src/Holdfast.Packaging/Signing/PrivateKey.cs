using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Packaging.Signing;

/// <summary>A certificate's private key, apart from it: on Windows a key that is joined to a certificate goes by way of the system's key stores.</summary>
internal static class PrivateKey
{
    /// <param name="pem">PKCS#8, SEC1 or PKCS#1; encrypted PKCS#8 with a password.</param>
    /// <returns>Null: the certificate's is neither RSA nor ECDSA.</returns>
    /// <exception cref="CryptographicException">It is another's, or the password does not open it.</exception>
    /// <exception cref="ArgumentException">There is no key in it, or not of the certificate's kind.</exception>
    public static AsymmetricAlgorithm? FromPem(X509Certificate2 certificate, string pem, string? password)
    {
        AsymmetricAlgorithm? key = null;
        if (Has(certificate.GetRSAPublicKey())) key = RSA.Create();
        else if (Has(certificate.GetECDsaPublicKey())) key = ECDsa.Create();
        if (key is null) return null;
        if (password is null) key.ImportFromPem(pem);
        else key.ImportFromEncryptedPem(pem, password);
        if (key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo())) return key;
        key.Dispose();
        throw new CryptographicException("the key is not the certificate's");
    }

    private static bool Has(AsymmetricAlgorithm? publicKey)
    {
        publicKey?.Dispose();
        return publicKey is not null;
    }
}
