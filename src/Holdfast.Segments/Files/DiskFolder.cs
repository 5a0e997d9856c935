namespace Holdfast.Segments.Files;

internal sealed class DiskFolder(string path, SegmentKeys? keys = null) : ISegmentFolder
{
    // Readers never hold a writer up, and retention may delete what somebody still reads.
    private const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;

    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public SegmentKeys Keys { get; } = keys ?? SegmentKeys.None;

    public List<SegmentEntry> List()
    {
        var entries = new List<SegmentEntry>();
        var folder = new DirectoryInfo(Path);
        if (!folder.Exists) return entries;
        foreach (var file in folder.EnumerateFiles("*" + SegmentName.Extension))
        {
            if (!SegmentName.TryParse(file.Name, out var first)) continue;
            try
            {
                entries.Add(new(file.Name, first, file.Length));
            }
            catch (FileNotFoundException)
            {
                // Retention was quicker.
            }
        }

        entries.Sort(static (a, b) => a.FirstSequence.CompareTo(b.FirstSequence));
        return entries;
    }

    public ISegmentFile Create(string name)
    {
        if (!Directory.Exists(Path))
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
            else Directory.CreateDirectory(Path, OwnerAndGroup);
            // A synced file in a folder whose own name is not on the disk is gone after a power loss.
            DiskSync.Folder(System.IO.Path.GetDirectoryName(Path)!);
        }

        return new DiskFile(File.OpenHandle(In(name), FileMode.Create, FileAccess.ReadWrite, Shared));
    }

    public ISegmentFile OpenForWriting(string name) =>
        new DiskFile(File.OpenHandle(In(name), FileMode.Open, FileAccess.ReadWrite, Shared));

    public ISegmentFile OpenForReading(string name) =>
        new DiskFile(File.OpenHandle(In(name), FileMode.Open, FileAccess.Read, Shared));

    public void Delete(string name) => File.Delete(In(name));

    public void Replace(string name, string replaced)
    {
        File.SetLastWriteTimeUtc(In(name), File.GetLastWriteTimeUtc(In(replaced)));
        File.Move(In(name), In(replaced), overwrite: true);
    }

    public void Sync() => DiskSync.Folder(Path);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
