using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Documents;

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

    /// <summary>Whether services may be installed here that are in no package and are pinned as they lie (<c>holdfast service install</c>).</summary>
    public bool AllowsPinned { get; init; } = true;

    /// <summary>Reads and checks the file and the certificates it names; all problems at once. A file that is missing is a problem: nothing is trusted.</summary>
    public static Outcome<TrustPolicy> Load(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Problem(ProblemKind.Refused, "trust.no-policy", $"there is no trust policy at {file}: nothing is trusted")
            {
                Why = "a node runs only what its policy trusts",
                Mend = "'holdfast keys init' makes a policy for development; for production write one (docs/signing.md)",
            };
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read the trust policy {file}");
        }
    }

    /// <summary>Reads a policy's text; the files it names are relative to the folder of <paramref name="file"/>.</summary>
    public static Outcome<TrustPolicy> Parse(string text, string file) => YamlDocument.Read(text, file).Then(document => new TrustPolicyReader(file).Read(document));

    /// <summary>The pin of a host executable, or null when the policy has none.</summary>
    public HostExecutable? FindHostExecutable(string path) => HostExecutables.FirstOrDefault(e => string.Equals(e.Path, path, StringComparison.Ordinal));
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
