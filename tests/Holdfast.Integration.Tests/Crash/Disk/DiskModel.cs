namespace Holdfast.Integration.Tests.Crash.Disk;

/// <summary>
/// A home's disk, built from what its programs did. Where the power is cut, what was not synced is there, is not, or is there in part, and
/// in any order between two syncs; a name is sure only when its folder was synced.
/// </summary>
internal sealed class DiskModel
{
    /// <summary>Of a file that was deleted while it was open, as the kernel names it.</summary>
    private const string Deleted = " (deleted)";

    private readonly DiskFolder root = new();

    public void Take(DiskEvent happened)
    {
        if (happened.Kind == 'A' || happened.Path.EndsWith(Deleted, StringComparison.Ordinal))
            return;
        if (happened.Path == ".")
        {
            if (happened.Kind == 'S') root.Sync();
            return;
        }

        var (folder, name) = Place(happened.Path);
        switch (happened.Kind)
        {
            case 'C' or 'T':
                if (folder.Find(name) is null) folder.Put(name, new DiskFile());
                if (happened.Kind == 'T') FileAt(folder, name).SetLength(0);
                break;
            case 'W':
                FileAt(folder, name).Write(happened.Offset, happened.Data);
                break;
            case 'F':
                FileAt(folder, name).SetLength(happened.Offset);
                break;
            case 'S' when folder.Find(name) is DiskFolder synced:
                synced.Sync();
                break;
            case 'S':
                FileAt(folder, name).Sync();
                break;
            case 'M':
                if (folder.Find(name) is null) folder.Put(name, new DiskFolder());
                break;
            case 'U' or 'D':
                folder.Remove(name);
                break;
            case 'R':
                Rename(folder, name, Place(happened.Text));
                break;
            default:
                throw new InvalidOperationException($"Not understood: {happened}");
        }
    }

    /// <summary>One of the many states that a power cut could leave now.</summary>
    public void WriteAfterPowerCut(string home, Random random) => root.WriteAfterPowerCut(home, random);

    private static void Rename(DiskFolder folder, string name, (DiskFolder Folder, string Name) to)
    {
        if (ReferenceEquals(folder, to.Folder))
        {
            folder.Rename(name, to.Name);
            return;
        }

        to.Folder.Put(to.Name, folder.Find(name)!);
        folder.Remove(name);
    }

    private static DiskFile FileAt(DiskFolder folder, string name)
    {
        if (folder.Find(name) is DiskFile known)
            return known;
        var made = new DiskFile();
        folder.Put(name, made);
        return made;
    }

    private (DiskFolder Folder, string Name) Place(string path)
    {
        var folder = root;
        var parts = path.Split('/');
        foreach (var part in parts.SkipLast(1))
        {
            if (folder.Find(part) is not DiskFolder inner)
                folder.Put(part, inner = new DiskFolder());
            folder = inner;
        }

        return (folder, parts[^1]);
    }
}
