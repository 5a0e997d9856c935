using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Node.Backups;

/// <summary>Writes one file of a backup, which must not be there, and syncs it.</summary>
internal static class RestoredFile
{
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public static Outcome<Done> Write(OpenBackup backup, BackupFile file, string path, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = DurableFile.OwnerOnly;
        using (var stream = new FileStream(path, options))
        {
            var copied = backup.Extract(file, stream, cancel);
            if (!copied.IsOk) return copied;
            stream.Flush();
            DiskSync.File(stream.SafeFileHandle);
        }

        return FolderRights.Set(path, (UnixFileMode)Convert.ToInt32(file.Mode, 8));
    }
}
