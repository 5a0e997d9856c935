using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Node.Clusters;

/// <summary>A large file that gets its name when it is whole and on disk: what is interrupted leaves nothing that looks like it. Its owner alone reads it.</summary>
public sealed class UnfinishedFile : IDisposable
{
    private readonly string path;
    private readonly string temporary;

    private UnfinishedFile(string path, string temporary, FileStream file) => (this.path, this.temporary, File) = (path, temporary, file);

    /// <summary>To be written.</summary>
    public FileStream File { get; }

    /// <summary>Problems: <c>files.*</c>.</summary>
    /// <param name="path">Absolute.</param>
    public static Outcome<UnfinishedFile> Create(string path)
    {
        try
        {
            // The name that DurableFolder.Sweep takes away.
            var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}.unfinished");
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = DurableFile.OwnerOnly;
            return new UnfinishedFile(path, temporary, new FileStream(temporary, options));
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"write {path}");
        }
    }

    /// <summary>Syncs it and gives it its name. Problems: <c>files.*</c>, also where a file of that name has come meanwhile.</summary>
    public Outcome<Done> Publish()
    {
        try
        {
            File.Flush();
            DiskSync.File(File.SafeFileHandle);
            File.Dispose();
            System.IO.File.Move(temporary, path, overwrite: false);
            DurableFolder.Sync(Path.GetDirectoryName(path)!);
            return Outcome.Done;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"write {path}");
        }
    }

    /// <summary>What has not got its name is not there any more.</summary>
    public void Dispose()
    {
        File.Dispose();
        System.IO.File.Delete(temporary);
    }
}
