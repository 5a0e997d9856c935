using Holdfast.Packaging.Layout;

namespace Holdfast.Packaging.Reading;

/// <summary>Everything of a package but the content of its files.</summary>
internal sealed record PackageLayout
{
    public required PackageIndex Index { get; init; }

    public required PackageManifest Manifest { get; init; }

    /// <summary>What is signed.</summary>
    public required ReadOnlyMemory<byte> ManifestBytes { get; init; }

    public required ReadOnlyMemory<byte> Spec { get; init; }

    /// <summary>CMS signatures, unread.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Signatures { get; init; }

    public required IReadOnlyList<Referrer> Attachments { get; init; }

    public string Digest => Index.Manifest.Digest;
}
