using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>What a backup of a cluster's store says of itself: the entry <c>cluster-backup.json</c> before the entry <c>snapshot.db</c>, in an archive without compression.</summary>
/// <param name="EtcdCluster">The id of the etcd, hexadecimal.</param>
/// <param name="Revision">The snapshot holds this one at least.</param>
/// <param name="Snapshot">Its SHA-256, <c>sha256:…</c></param>
public sealed record ClusterBackup(
    string ApiVersion, string Kind, string Cluster, string StoreId, long Incarnation, string EtcdCluster, string EtcdVersion, long Revision, DateTimeOffset TakenAt, string TakenBy, long Bytes, string Snapshot)
{
    private const string KindName = "ClusterBackup";
    private const string ManifestEntry = "cluster-backup.json", SnapshotEntry = "snapshot.db";
    private const int LongestManifest = 64 * 1024;

    /// <summary>Names the backup: of the manifest, which names the rest.</summary>
    [JsonIgnore]
    public string Digest => PackageDigest.Of(ToBytes());

    /// <summary>Takes one into a file that is not there yet. Problems: <c>store.*</c>, <c>backup.exists</c>, <c>files.*</c>.</summary>
    public static async Task<Outcome<ClusterBackup>> TakeAsync(EtcdOptions options, string path, string by, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Path.Exists(path)) return Core.Backups.BackupProblems.TargetExists(path);
        var opened = await EtcdStore.OpenAsync(options, null, time, cancel);
        if (!opened.TryGet(out var store)) return Outcome.Failed<ClusterBackup>(opened.Problems);
        await using (store)
        {
            var (first, second) = (UnfinishedFile.Create(path + ".snapshot"), UnfinishedFile.Create(path));
            using var snapshot = first.IsOk ? first.Value : null;
            using var archive = second.IsOk ? second.Value : null;
            if (snapshot is null || archive is null) return Outcome.Failed<ClusterBackup>([.. first.Problems, .. second.Problems]);
            try
            {
                var taken = await EtcdStore.SnapshotAsync(options, (part, stop) => snapshot.File.WriteAsync(part, stop).AsTask(), time, cancel);
                if (!taken.TryGet(out var whole)) return Outcome.Failed<ClusterBackup>(taken.Problems);
                snapshot.File.Position = 0;
                var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(snapshot.File, cancel));
                var manifest = new ClusterBackup(
                    ClusterFile.V1, KindName, options.Cluster, store.Identity.ClusterId, store.Identity.Incarnation, whole.EtcdCluster.ToString("x", CultureInfo.InvariantCulture),
                    whole.Version, whole.Revision, time.GetUtcNow(), by, whole.Bytes, $"sha256:{digest}");
                snapshot.File.Position = 0;
                await WriteAsync(archive.File, manifest, snapshot.File, cancel);
                return archive.Publish().Then(_ => Outcome.Of(manifest));
            }
            catch (Exception e) when (FileTrouble.Is(e))
            {
                return FileTrouble.From(e, $"write {path}");
            }
        }
    }

    /// <summary>Reads one, checks all of it, and puts its snapshot into a file. Problems: <c>cluster.backup</c>, <c>cluster.backup-digest</c>, <c>files.*</c>.</summary>
    /// <param name="expected">The digest that was noted when it was made; null: none was.</param>
    public static async Task<Outcome<ClusterBackup>> OpenAsync(string path, string? expected, string snapshot, CancellationToken cancel)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            if (archive.GetEntry(ManifestEntry) is not { Length: <= LongestManifest } head || archive.GetEntry(SnapshotEntry) is not { } content) return Bad(path, "it is no backup of a cluster's store");
            using var text = new MemoryStream();
            await using (var stream = await head.OpenAsync(cancel)) await stream.CopyToAsync(text, cancel);
            var manifest = JsonSerializer.Deserialize(text.ToArray(), ClusterBackupJson.Default.ClusterBackup);
            if (manifest is not { ApiVersion: ClusterFile.V1, Kind: KindName }) return Bad(path, "its manifest is not of a form that this version reads");
            if (expected is not null && expected != manifest.Digest) return Other(path, manifest.Digest, expected);
            if (content.Length != manifest.Bytes) return Bad(path, $"its snapshot has {content.Length} bytes, not {manifest.Bytes}");
            var created = UnfinishedFile.Create(snapshot);
            if (!created.TryGet(out var file)) return Outcome.Failed<ClusterBackup>(created.Problems);
            using (file)
            {
                await using (var stream = await content.OpenAsync(cancel)) await stream.CopyToAsync(file.File, cancel);
                var good = await IsGoodAsync(file.File, manifest, cancel);
                return good ? file.Publish().Then(_ => Outcome.Of(manifest)) : Bad(path, "its snapshot is not what was written");
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            return Bad(path, e.Message);
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"read {path}");
        }
    }

    /// <summary>The store that it is of.</summary>
    [JsonIgnore]
    public StoreIdentity Store => new(StoreId, Incarnation);

    private static async Task<bool> IsGoodAsync(FileStream file, ClusterBackup manifest, CancellationToken cancel)
    {
        file.Position = 0;
        using var ofAll = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var own = new EtcdSnapshotDigest();
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = await file.ReadAsync(buffer, cancel)) > 0)
        {
            ofAll.AppendData(buffer, 0, read);
            own.Append(buffer.AsSpan(0, read));
        }

        return own.IsWhole() && $"sha256:{Convert.ToHexStringLower(ofAll.GetHashAndReset())}" == manifest.Snapshot;
    }

    private static async Task WriteAsync(FileStream target, ClusterBackup manifest, FileStream snapshot, CancellationToken cancel)
    {
        await using var archive = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
        await using (var head = await archive.CreateEntry(ManifestEntry, CompressionLevel.NoCompression).OpenAsync(cancel)) await head.WriteAsync(manifest.ToBytes(), cancel);
        await using (var content = await archive.CreateEntry(SnapshotEntry, CompressionLevel.NoCompression).OpenAsync(cancel)) await snapshot.CopyToAsync(content, cancel);
    }

    private byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ClusterBackupJson.Default.ClusterBackup);

    private static Problem Bad(string path, string why) => new(ProblemKind.Damaged, "cluster.backup", $"{path} cannot be restored.") { Why = why, Mend = "take another backup" };

    private static Problem Other(string path, string digest, string expected) =>
        new(ProblemKind.Refused, "cluster.backup-digest", $"{path} is not the backup that is meant: its digest is {digest}, and {expected} is expected.") { Mend = "look for the right file" };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ClusterBackup))]
internal sealed partial class ClusterBackupJson : JsonSerializerContext;
