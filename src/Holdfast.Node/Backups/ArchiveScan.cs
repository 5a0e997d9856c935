using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Node.Backups;

/// <param name="Name">ASCII.</param>
/// <param name="Size">Of its content, in bytes.</param>
/// <param name="Offset">Where its content begins.</param>
internal sealed record ArchiveEntry(string Name, long Size, long Offset);

/// <summary>Walks an archive from its first byte to its last and believes nothing of it: every byte that is no content is the one that it must be.</summary>
internal static class ArchiveScan
{
    private const int MostEntries = 1_000_000;

    /// <summary>At least the mark and the manifest, in this order.</summary>
    public static Outcome<IReadOnlyList<ArchiveEntry>> Run(SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        var entries = new List<ArchiveEntry>();
        var block = new byte[BackupArchive.Block];
        long offset = 0;
        var before = "";
        while (true)
        {
            if (!Fill(handle, block, offset)) return entries.Count == 0 ? BackupProblems.NoBackup("it is too short") : BackupProblems.Truncated(before);
            offset += block.Length;
            if (block.AsSpan().IndexOfAnyExcept((byte)0) < 0) break;
            if (BackupArchive.ReadHeader(block) is not { } header) return entries.Count == 0 ? BackupProblems.NoBackup("it does not begin as one") : BackupProblems.Damaged(before, "what follows it is no entry");
            if (BackupArchive.Judge(entries.Count, header.Name, before) is { } problem) return problem;
            if (entries.Count == MostEntries) return BackupProblems.Damaged(header.Name, $"there are more than {MostEntries} entries");
            var padding = BackupArchive.Padding(header.Size);
            if (offset + header.Size + padding > length) return BackupProblems.Truncated(header.Name);
            entries.Add(new(header.Name, header.Size, offset));
            if (!IsZero(handle, offset + header.Size, (int)padding)) return BackupProblems.Damaged(header.Name, "what fills its last block is not empty");
            offset += header.Size + padding;
            before = header.Name;
        }

        if (entries.Count < 2) return BackupProblems.NoBackup("it has no manifest");
        if (!IsZero(handle, offset, BackupArchive.Block)) return BackupProblems.Truncated(before);
        return offset + BackupArchive.Block == length ? entries : BackupProblems.Damaged(before, "something follows the end");
    }

    private static bool IsZero(SafeFileHandle handle, long offset, int count)
    {
        var rest = new byte[count];
        return Fill(handle, rest, offset) && rest.AsSpan().IndexOfAnyExcept((byte)0) < 0;
    }

    private static bool Fill(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(handle, buffer, offset);
            if (read == 0) return false;
            offset += read;
            buffer = buffer[read..];
        }

        return true;
    }
}
