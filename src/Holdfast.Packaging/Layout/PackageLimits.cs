namespace Holdfast.Packaging.Layout;

/// <summary>
/// Everything that bounds a package, in one place. A package beyond a limit is refused by the packer and by the reader, before
/// memory or disk is spent on it. What must hold between them: the directory of <see cref="MaxEntries"/> entries and the manifest
/// of <see cref="MaxFiles"/> files fit into memory (some 20 MiB together); everything else is streamed.
/// </summary>
public sealed record PackageLimits
{
    public static PackageLimits Default { get; } = new();

    /// <summary>Bytes of the whole package file. The format has no zip64, so 4 GiB less one byte is the end of it.</summary>
    public long MaxPackageBytes { get; init; } = uint.MaxValue;

    /// <summary>Files in a package.</summary>
    public int MaxFiles { get; init; } = 20_000;

    /// <summary>Entries in the zip: a blob per distinct content, and what describes and signs them. Below 65,535, where zip64 would begin.</summary>
    public int MaxEntries { get; init; } = 20_500;

    /// <summary>Bytes of the manifest; some 400 a file.</summary>
    public int MaxManifestBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of <c>holdfast.yaml</c>.</summary>
    public int MaxSpecBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of <c>index.json</c>.</summary>
    public int MaxIndexBytes { get; init; } = 256 << 10;

    /// <summary>Signatures and other documents attached to a package.</summary>
    public int MaxReferrers { get; init; } = 64;

    /// <summary>Bytes of a signature's or other attached document's own small manifest.</summary>
    public int MaxReferrerManifestBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of one signature, its certificates included.</summary>
    public int MaxSignatureBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of one attached document that is not a signature (provenance, SBOM).</summary>
    public int MaxAttachmentBytes { get; init; } = 64 << 20;
}
