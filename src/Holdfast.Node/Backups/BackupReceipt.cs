using Holdfast.Core.Backups;

namespace Holdfast.Node.Backups;

/// <summary>What was made, found or restored.</summary>
public sealed record BackupReceipt
{
    /// <summary>Of its manifest, <c>sha256:…</c>: names the backup, and vouches for every byte of it.</summary>
    public required string Digest { get; init; }

    public required BackupManifest Manifest { get; init; }

    /// <summary>Of the whole file.</summary>
    public required long Bytes { get; init; }

    /// <summary>A sentence each: what is not in it, or will not be as it was.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public int Packages => Manifest.Files.Select(file => BackupPaths.DigestOf(file.Path)).OfType<string>().Distinct().Count();

    /// <summary>For the audit log.</summary>
    public IReadOnlyDictionary<string, string> Details => new Dictionary<string, string>
    {
        ["backup"] = Digest,
        ["bytes"] = $"{Bytes}",
        ["packages"] = $"{Packages}",
        ["storeRevision"] = $"{Manifest.Store.Revision}",
    };
}
