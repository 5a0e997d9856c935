using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>What a package says of itself. Its structure was checked; its signatures were read, but not judged.</summary>
public sealed record PackageInfo
{
    /// <summary><c>sha256:…</c> of the manifest: the package's identity.</summary>
    public required string Digest { get; init; }

    /// <summary><c>sha256:…</c> of the index: which bytes the file has, its signatures among them (<see cref="Building.PackageArchive.Id"/>).</summary>
    public required string Archive { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Bytes of the package file.</summary>
    public required long PackageBytes { get; init; }

    /// <summary>Sorted by path.</summary>
    public required IReadOnlyList<PackageFile> Files { get; init; }

    /// <summary>The canonical manifest: the bytes that signatures are made over.</summary>
    public required ReadOnlyMemory<byte> Manifest { get; init; }

    /// <summary>The bytes of <c>holdfast.yaml</c>.</summary>
    public required ReadOnlyMemory<byte> Spec { get; init; }

    public required IReadOnlyList<SignatureInfo> Signatures { get; init; }

    /// <summary>Types of attached documents that are not signatures.</summary>
    public required IReadOnlyList<string> Attachments { get; init; }
}

/// <summary>What a signature claims. Only <see cref="PackageVerifier"/> says whether it is true.</summary>
/// <param name="Subject">The signing certificate's subject.</param>
/// <param name="Issuer">Its issuer.</param>
/// <param name="Thumbprint">SHA-256 of the certificate, lower-case hexadecimal.</param>
/// <param name="NotBefore">Begin of its validity.</param>
/// <param name="NotAfter">End of its validity.</param>
/// <param name="SignedAt">What the signer's clock said; a claim, not a proof. Null: not stated.</param>
/// <param name="Unreadable">Null, or why the signature cannot be read at all.</param>
public sealed record SignatureInfo(
    string Subject, string Issuer, string Thumbprint, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset? SignedAt, string? Unreadable = null);
