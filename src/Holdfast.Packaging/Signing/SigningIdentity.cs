using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Signing;

/// <summary>A certificate with its private key (RSA or ECDSA), and the intermediates that a verifier will need.</summary>
public sealed class SigningIdentity : IDisposable
{
    private SigningIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        Certificate = certificate;
        Intermediates = intermediates;
    }

    public string Subject => Certificate.Subject;

    internal X509Certificate2 Certificate { get; }

    internal X509Certificate2Collection Intermediates { get; }

    /// <summary>PEM files: the certificate (first) with its intermediates, and the key (PKCS#8, SEC1 or PKCS#1; encrypted PKCS#8 with a password).</summary>
    public static Outcome<SigningIdentity> FromPem(string certificateFile, string keyFile, string? password) => throw new NotImplementedException();

    /// <summary>A PFX (PKCS#12) file.</summary>
    public static Outcome<SigningIdentity> FromPfx(string file, string? password) => throw new NotImplementedException();

    public void Dispose() => Certificate.Dispose();
}
