using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Trust;

/// <summary>Whom a node trusts (<c>kind: TrustPolicy</c>): immutable, checked.</summary>
public sealed record TrustPolicy
{
    /// <summary>Where it was read from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>Certificates that a signer's chain may end in. No other is trusted, whatever the host's own store says.</summary>
    public required IReadOnlyList<X509Certificate2> Roots { get; init; }

    /// <summary>The first rule whose pattern matches a service's name decides; a service that none matches is refused.</summary>
    public required IReadOnlyList<SignerRule> Signers { get; init; }

    public required Revocations Revoked { get; init; }

    /// <summary>Executables of the host that services may run, by absolute path.</summary>
    public required IReadOnlyList<HostExecutable> HostExecutables { get; init; }

    /// <summary>Reads and checks the file and the certificates it names; all problems at once. A file that is missing is a problem: nothing is trusted.</summary>
    public static Outcome<TrustPolicy> Load(string file) => throw new NotImplementedException();
}

/// <summary>Who may sign what.</summary>
/// <param name="Service">Pattern of service names; <c>*</c> stands for any characters.</param>
/// <param name="Identities">Who may sign; empty: whoever has a certificate under one of the roots.</param>
/// <param name="Required">So many distinct signers are needed.</param>
public sealed record SignerRule(string Service, IReadOnlyList<IdentityPattern> Identities, int Required);

/// <summary>Exactly one of the three is set.</summary>
/// <param name="Subject">Pattern of the whole subject: <c>CN=Release *, O=Bank</c>.</param>
/// <param name="San">Pattern of a subject alternative name: an e-mail address, DNS name or URI.</param>
/// <param name="Thumbprint">SHA-256 of the certificate, lower-case hexadecimal.</param>
public sealed record IdentityPattern(string? Subject, string? San, string? Thumbprint);

/// <summary>What is not trusted any more.</summary>
/// <param name="Thumbprints">SHA-256 of certificates, lower-case hexadecimal.</param>
/// <param name="Serials">Serial numbers, upper-case hexadecimal without leading zeros.</param>
/// <param name="Packages">Digests of packages, <c>sha256:…</c></param>
/// <param name="Lists">Certificate revocation lists (CRL), checked against their issuers when they are used.</param>
public sealed record Revocations(
    IReadOnlySet<string> Thumbprints, IReadOnlySet<string> Serials, IReadOnlySet<string> Packages, IReadOnlyList<RevocationList> Lists);

/// <summary>An executable of the host, pinned by digest.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Sha256">The digests that are allowed: during an upgrade the old one and the new one.</param>
public sealed record HostExecutable(string Path, IReadOnlyList<string> Sha256);
