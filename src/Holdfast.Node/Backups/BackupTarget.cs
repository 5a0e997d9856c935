using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Node.Backups;

/// <summary>
/// The file that a backup becomes. It is written under another, hidden name, for its owner alone, and gets its own name only when it is
/// synced and was read back whole: what is interrupted leaves nothing that looks like a backup, and the next one takes it away.
/// </summary>
public sealed class BackupTarget : IDisposable
{
    private const string Unfinished = ".unfinished";

    private readonly string path;
    private readonly string temporary;
    private readonly FileStream file;

    private BackupTarget(string path, string temporary, FileStream file)
    {
        this.path = path;
        this.temporary = temporary;
        this.file = file;
    }

    /// <summary>Problems: <c>backup.exists</c>, <c>files.*</c>.</summary>
    /// <param name="path">Absolute.</param>
    public static Outcome<BackupTarget> Open(string path)
    {
        try
        {
            if (Path.Exists(path)) return BackupProblems.TargetExists(path);
            var folder = Path.GetDirectoryName(path)!;
            Sweep(folder, Path.GetFileName(path));
            var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}{Unfinished}");
            // Nobody else may open it meanwhile: so another backup sees that this one is not left over.
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = DurableFile.OwnerOnly;
            return new BackupTarget(path, temporary, new FileStream(temporary, options));
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"write {path}");
        }
    }

    /// <summary>A <see cref="BackupSink"/>.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancel) => file.WriteAsync(chunk, cancel).AsTask();

    /// <summary>Reads it back, and gives it its name. Problems: <c>backup.*</c>, <c>files.*</c>.</summary>
    /// <param name="digest">What it must be.</param>
    /// <param name="cancel">Ends the reading.</param>
    public Outcome<Done> Publish(string digest, CancellationToken cancel)
    {
        try
        {
            file.Flush();
            DiskSync.File(file.SafeFileHandle);
            var read = OpenBackup.Read(file.SafeFileHandle).Then(opened => opened.Expect(digest)).Then(opened => opened.CheckContent(cancel));
            if (!read.IsOk) return read;
            File.Move(temporary, path, overwrite: false);
            DurableFolder.Sync(Path.GetDirectoryName(path)!);
            return Outcome.Done;
        }
        catch (IOException) when (File.Exists(path) && File.Exists(temporary))
        {
            return BackupProblems.TargetExists(path);
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"write {path}");
        }
    }

    public void Dispose()
    {
        file.Dispose();
        File.Delete(temporary);
    }

    private static void Sweep(string folder, string name)
    {
        foreach (var left in Directory.EnumerateFiles(folder, $".{name}.*{Unfinished}"))
        {
            try
            {
                using (new FileStream(left, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    File.Delete(left);
            }
            catch (Exception exception) when (FileTrouble.Is(exception))
            {
                // Another backup is being written there, or it is somebody else's: it is not in our way.
            }
        }
    }
}
