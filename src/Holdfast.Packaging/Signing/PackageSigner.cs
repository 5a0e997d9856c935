using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Signing;

/// <summary>What was signed.</summary>
/// <param name="Digest">The package's identity, which a signature does not change.</param>
/// <param name="Signer">The certificate's subject.</param>
/// <param name="Thumbprint">SHA-256 of the certificate, lower-case hexadecimal.</param>
/// <param name="Signatures">How many the package has now.</param>
/// <param name="AlreadySigned">This certificate had signed it before; nothing was changed.</param>
public sealed record SignedPackage(string Digest, string Signer, string Thumbprint, int Signatures, bool AlreadySigned);

/// <summary>Adds a CMS signature over the package's manifest.</summary>
public static class PackageSigner
{
    /// <summary>Signs, and replaces the package file in one step.</summary>
    public static Outcome<SignedPackage> Sign(string file, SigningIdentity identity, DateTimeOffset now) => throw new NotImplementedException();
}
