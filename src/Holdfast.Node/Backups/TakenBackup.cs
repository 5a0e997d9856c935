using System.Security.Cryptography;
using Holdfast.Core.Backups;
using Holdfast.Core.Packages;

namespace Holdfast.Node.Backups;

/// <summary>All that goes into a backup, held as it was at one moment until this is disposed.</summary>
internal sealed class TakenBackup(BackupManifest manifest, IReadOnlyList<BackupContent> contents, IReadOnlyList<string> warnings, IDisposable moment) : IDisposable
{
    public BackupManifest Manifest => manifest;

    public byte[] ManifestBytes { get; } = BackupManifests.Write(manifest);

    public string Digest => PackageDigest.FromHash(SHA256.HashData(ManifestBytes));

    /// <summary>A content for each digest, in the order of the archive.</summary>
    public IReadOnlyList<BackupContent> Blobs { get; } = [.. contents.DistinctBy(content => content.File.Sha256).OrderBy(content => content.File.Sha256, StringComparer.Ordinal)];

    public long Bytes => Blobs.Sum(blob => Entry(blob.File.Size)) + Entry(ManifestBytes.Length) + Entry(BackupArchive.Mark(Digest).Length) + 2 * BackupArchive.Block;

    public BackupReceipt Receipt => new() { Digest = Digest, Manifest = manifest, Bytes = Bytes, Warnings = warnings };

    public void Dispose() => moment.Dispose();

    private static long Entry(long size) => BackupArchive.Block + size + BackupArchive.Padding(size);
}
