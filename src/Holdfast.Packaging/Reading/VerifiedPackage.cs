using Holdfast.Core.Packages;
using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>A package whose structure, digests and signatures satisfied the trust policy. Only the verifier makes one.</summary>
public sealed record VerifiedPackage
{
    internal VerifiedPackage()
    {
    }

    /// <summary><c>sha256:…</c> of the manifest: the package's identity.</summary>
    public required string Digest { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Sorted by path.</summary>
    public required IReadOnlyList<PackageFile> Files { get; init; }

    /// <summary>The canonical manifest: the bytes that were signed.</summary>
    public required ReadOnlyMemory<byte> Manifest { get; init; }

    /// <summary>All CMS signatures as they are in the package, those that did not count included.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Signatures { get; init; }

    /// <summary>The bytes of <c>holdfast.yaml</c>.</summary>
    public required ReadOnlyMemory<byte> Spec { get; init; }

    /// <summary>Those whose signatures counted, by subject.</summary>
    public required IReadOnlyList<AdmittedSigner> Signers { get; init; }

    /// <summary>Signatures that did not count, each with the reason; they do no harm beside enough that did.</summary>
    public required IReadOnlyList<string> NotCounted { get; init; }
}
