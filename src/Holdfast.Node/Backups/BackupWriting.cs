using System.Security.Cryptography;
using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;

namespace Holdfast.Node.Backups;

/// <summary>Where a backup goes, chunk by chunk. The chunk's memory is used again when the task has ended.</summary>
public delegate Task BackupSink(ReadOnlyMemory<byte> chunk, CancellationToken cancel);

/// <summary>Writes a taken backup, and digests once more what it writes: what changed since it was taken ends it.</summary>
internal sealed class BackupWriting(BackupSink sink)
{
    private const int ChunkBytes = 256 << 10;

    private static readonly byte[] Zeros = new byte[2 * BackupArchive.Block];

    private readonly byte[] chunk = new byte[ChunkBytes];
    private int filled;

    public async Task<Outcome<BackupReceipt>> WriteAsync(TakenBackup backup, CancellationToken cancel)
    {
        try
        {
            await EntryAsync(BackupArchive.MarkEntry, BackupArchive.Mark(backup.Digest), cancel);
            await EntryAsync(BackupArchive.ManifestEntry, backup.ManifestBytes, cancel);
            foreach (var blob in backup.Blobs)
            {
                if (!await BlobAsync(blob, cancel))
                    return BackupProblems.PackageChanged(blob.File.Path);
            }

            await PutAsync(Zeros, cancel);
            await FlushAsync(cancel);
            return backup.Receipt;
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, "write the backup");
        }
    }

    private async Task EntryAsync(string name, byte[] content, CancellationToken cancel)
    {
        await PutAsync(BackupArchive.Header(name, content.Length), cancel);
        await PutAsync(content, cancel);
        await PutAsync(Zeros.AsMemory(0, (int)BackupArchive.Padding(content.Length)), cancel);
    }

    /// <summary>False: it is not what was taken any more.</summary>
    private async Task<bool> BlobAsync(BackupContent blob, CancellationToken cancel)
    {
        await PutAsync(BackupArchive.Header(BackupArchive.BlobFolder + blob.File.Sha256, blob.File.Size), cancel);
        await using var content = blob.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        while (true)
        {
            if (filled == ChunkBytes)
                await FlushAsync(cancel);
            var read = content.Read(chunk.AsSpan(filled));
            if (read == 0)
                break;
            total += read;
            if (total > blob.File.Size)
                return false;
            hash.AppendData(chunk, filled, read);
            filled += read;
        }

        if (total != blob.File.Size || Convert.ToHexStringLower(hash.GetHashAndReset()) != blob.File.Sha256)
            return false;
        await PutAsync(Zeros.AsMemory(0, (int)BackupArchive.Padding(total)), cancel);
        return true;
    }

    private async Task PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            if (filled == ChunkBytes)
                await FlushAsync(cancel);
            var count = Math.Min(bytes.Length, ChunkBytes - filled);
            bytes[..count].CopyTo(chunk.AsMemory(filled));
            filled += count;
            bytes = bytes[count..];
        }
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await sink(chunk.AsMemory(0, filled), cancel);
        filled = 0;
    }
}
