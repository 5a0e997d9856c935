using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;

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

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ReadByAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Creates root, signing certificate and, if there is none, a trust policy. Never overwrites: an existing key is a conflict.</summary>
    /// <param name="keysFolder">The home's <c>keys</c>, or any folder; created with owner-only rights.</param>
    /// <param name="policyFile">The home's <c>policy/trust.yaml</c>.</param>
    /// <param name="owner">Goes into the subjects: a user's or team's name.</param>
    /// <param name="now">Begin of validity: the root lasts ten years, the signing certificate one.</param>
    public static Outcome<DevelopmentKeys> Create(string keysFolder, string policyFile, string owner, DateTimeOffset now)
    {
        try
        {
            string InKeys(string name) => Path.Combine(Path.GetFullPath(keysFolder), name);
            string[] files = [InKeys(RootCertificateFile), InKeys(RootKeyFile), InKeys(SigningCertificateFile), InKeys(SigningKeyFile)];
            if (files.FirstOrDefault(File.Exists) is { } existing)
                return new Problem(ProblemKind.Conflict, "keys.exist", $"{existing} exists already") { Why = "keys are never overwritten: what they signed would not be trusted any more", Mend = "use them, or move them away first" };
            CreateFolder(keysFolder);
            CreateFolder(Path.GetDirectoryName(Path.GetFullPath(policyFile))!);
            WriteKeys(files, owner, now);
            var policy = File.Exists(policyFile) ? null : Path.GetFullPath(policyFile);
            if (policy is not null) Write(policy, OwnerOnly | UnixFileMode.GroupRead, PolicyText(policy, files[0]));
            return new DevelopmentKeys { RootCertificate = files[0], RootKey = files[1], SigningCertificate = files[2], SigningKey = files[3], TrustPolicy = policy };
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"write keys into {keysFolder}");
        }
    }

    private static void WriteKeys(string[] files, string owner, DateTimeOffset now)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = DevelopmentCertificates.Root(rootKey, owner, now);
        using var signing = DevelopmentCertificates.Signing(signingKey, root, rootKey, owner, now);
        Write(files[1], OwnerOnly, rootKey.ExportPkcs8PrivateKeyPem() + "\n");
        Write(files[0], ReadByAll, root.ExportCertificatePem() + "\n");
        Write(files[3], OwnerOnly, signingKey.ExportPkcs8PrivateKeyPem() + "\n");
        Write(files[2], ReadByAll, signing.ExportCertificatePem() + "\n");
    }

    private static string PolicyText(string policyFile, string rootFile)
    {
        var relative = Path.GetRelativePath(Path.GetDirectoryName(policyFile)!, rootFile).Replace('\\', '/');
        return $"""
            # Whom this node trusts. Made by 'holdfast keys init' for development: on a production node name your own
            # authority's root, the signers that you expect, and how many of them a package needs (docs/signing.md).
            apiVersion: holdfast/v1
            kind: TrustPolicy
            roots:
              - file: "{relative}"
            signers:
              - service: "*"
                required: 1
            hostExecutables: []

            """.ReplaceLineEndings("\n");
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static void Write(string path, UnixFileMode mode, string text) =>
        AtomicFile.Write(path, mode, overwrite: false, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
