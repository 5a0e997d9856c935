using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Signing;

/// <summary>What <c>holdfast keys init</c> wrote.</summary>
public sealed record DevelopmentKeys
{
    /// <summary>The root's certificate (PEM): what trust policies name.</summary>
    public required string RootCertificate { get; init; }

    /// <summary>The root's private key (PEM, owner only).</summary>
    public required string RootKey { get; init; }

    /// <summary>The signing certificate (PEM).</summary>
    public required string SigningCertificate { get; init; }

    /// <summary>Its private key (PEM, owner only).</summary>
    public required string SigningKey { get; init; }

    /// <summary>The trust policy that trusts the root; null when there was one already, which is left alone.</summary>
    public required string? TrustPolicy { get; init; }
}

/// <summary>A certificate authority for developers: good for trying things out, not for production.</summary>
public static class DevelopmentAuthority
{
    /// <summary>The names of the files, in the keys folder.</summary>
    public const string RootCertificateFile = "dev-ca.pem";
    public const string RootKeyFile = "dev-ca.key";
    public const string SigningCertificateFile = "signing.pem";
    public const string SigningKeyFile = "signing.key";

    /// <summary>Creates root, signing certificate and, if there is none, a trust policy. Never overwrites: an existing key is a conflict.</summary>
    /// <param name="keysFolder">The home's <c>keys</c>, or any folder; created with owner-only rights.</param>
    /// <param name="policyFile">The home's <c>policy/trust.yaml</c>.</param>
    /// <param name="owner">Goes into the subjects: a user's or team's name.</param>
    /// <param name="now">Begin of validity: the root lasts ten years, the signing certificate one.</param>
    public static Outcome<DevelopmentKeys> Create(string keysFolder, string policyFile, string owner, DateTimeOffset now) =>
        throw new NotImplementedException();
}
