using System.Security.Cryptography;
using Holdfast.Core.Backups;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Node.Backups;

/// <summary>A backup whose form is sound and whose manifest is what its first entry vouches for: every blob it names is there, once, and nothing else is. The blobs are not read yet.</summary>
internal sealed class OpenBackup
{
    private const int BufferBytes = 1 << 18;

    private readonly SafeFileHandle handle;
    private readonly IReadOnlyDictionary<string, ArchiveEntry> blobs;

    private OpenBackup(SafeFileHandle handle, string digest, BackupManifest manifest, IReadOnlyDictionary<string, ArchiveEntry> blobs)
    {
        this.handle = handle;
        this.blobs = blobs;
        Digest = digest;
        Manifest = manifest;
        Bytes = RandomAccess.GetLength(handle);
    }

    /// <summary>Of the manifest, <c>sha256:…</c></summary>
    public string Digest { get; }

    public BackupManifest Manifest { get; }

    public long Bytes { get; }

    /// <param name="handle">Open for reading; stays the caller's.</param>
    public static Outcome<OpenBackup> Read(SafeFileHandle handle) => ArchiveScan.Run(handle).Then(entries =>
    {
        var (mark, document) = (entries[0], entries[1]);
        if (mark.Size > BackupArchive.Block || BackupArchive.ReadMark(ReadAll(handle, mark)) is not { } digest) return BackupProblems.Damaged(mark.Name, "it does not hold a digest");
        if (document.Size > BackupManifests.MaxBytes) return BackupProblems.Damaged(document.Name, $"it has {document.Size} bytes");
        var bytes = ReadAll(handle, document);
        if (PackageDigest.Of(bytes) != digest) return BackupProblems.Damaged(document.Name, $"it does not have the digest that {mark.Name} says");
        return BackupManifests.Read(bytes).Then(manifest => Match(handle, digest, manifest, entries));
    });

    /// <summary>This backup and no other, where somebody noted its digest.</summary>
    /// <param name="digest">Null: any.</param>
    public Outcome<OpenBackup> Expect(string? digest) => digest is null || digest == Digest ? this : BackupProblems.NotExpected(Digest, digest);

    /// <summary>Digests every blob; each that is damaged is named by the first file that it is.</summary>
    public Outcome<Done> CheckContent(CancellationToken cancel)
    {
        var problems = new List<Problem>();
        foreach (var file in Manifest.Files.DistinctBy(file => file.Sha256))
        {
            if (!Copy(file, Stream.Null, cancel)) problems.Add(Wrong(file));
        }

        return problems.Count == 0 ? Outcome.Done : problems;
    }

    /// <summary>Copies a file's content and digests it once more. Problems: <c>backup.damaged</c>.</summary>
    public Outcome<Done> Extract(BackupFile file, Stream target, CancellationToken cancel) => Copy(file, target, cancel) ? Outcome.Done : Wrong(file);

    /// <summary>A small file's content; null: the manifest does not name it, or it is damaged.</summary>
    public byte[]? Content(string path, CancellationToken cancel)
    {
        if (Manifest.Files.FirstOrDefault(file => file.Path == path) is not { } file) return null;
        using var memory = new MemoryStream();
        return Copy(file, memory, cancel) ? memory.ToArray() : null;
    }

    private static Outcome<OpenBackup> Match(SafeFileHandle handle, string digest, BackupManifest manifest, IReadOnlyList<ArchiveEntry> entries)
    {
        var blobs = entries.Skip(2).ToDictionary(entry => entry.Name[BackupArchive.BlobFolder.Length..], StringComparer.Ordinal);
        List<Problem> problems = [.. manifest.Files
            .Where(file => !blobs.TryGetValue(file.Sha256, out var blob) || blob.Size != file.Size)
            .Select(file => BackupProblems.Damaged(file.Path, "its content is not in the file, or has another size"))];
        var named = manifest.Files.Select(file => file.Sha256).ToHashSet(StringComparer.Ordinal);
        problems.AddRange(blobs.Where(blob => !named.Contains(blob.Key)).Select(blob => BackupProblems.Damaged(blob.Value.Name, "the manifest does not name it")));
        return problems.Count == 0 ? new OpenBackup(handle, digest, manifest, blobs) : problems;
    }

    private bool Copy(BackupFile file, Stream target, CancellationToken cancel)
    {
        var blob = blobs[file.Sha256];
        using var content = new PrefixStream(handle, blob.Size, blob.Offset);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }

        return content.Position == blob.Size && Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Sha256;
    }

    private static Problem Wrong(BackupFile file) => BackupProblems.Damaged(file.Path, $"its content does not have the digest {file.Sha256}");

    private static byte[] ReadAll(SafeFileHandle handle, ArchiveEntry entry)
    {
        var content = new byte[entry.Size];
        using var stream = new PrefixStream(handle, entry.Size, entry.Offset);
        stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return content;
    }
}
