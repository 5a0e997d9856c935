using Holdfast.Core.Problems;
using Holdfast.Packaging.Trust;

namespace Holdfast.Packaging.Reading;

/// <summary>Says whether a package may run here: structure, every digest, and signatures that satisfy the policy.</summary>
public static class PackageVerifier
{
    /// <summary>Reads the package once, a buffer at a time. Nothing is written.</summary>
    /// <param name="file">The <c>.hfpkg</c>.</param>
    /// <param name="policy">Whom to trust.</param>
    /// <param name="now">The time at which certificates must be valid.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static Outcome<VerifiedPackage> Verify(string file, TrustPolicy policy, DateTimeOffset now, CancellationToken cancel) =>
        throw new NotImplementedException();
}
