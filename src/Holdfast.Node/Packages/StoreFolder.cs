using Holdfast.Core.Packages;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>The names in the store's folder, and how whole packages come and go: by one rename each.</summary>
internal sealed class StoreFolder(Home home)
{
    private const string StagedPrefix = ".staged-";
    private const string RemovedPrefix = ".removed-";

    public string Root => home.Packages;

    public string HostExecutables => Path.Combine(home.Packages, "host-executables");

    public string Of(string digest) => Path.Combine(Root, PackageDigest.ToFolderName(digest));

    public string NewStaged() => Path.Combine(Root, StagedPrefix + Path.GetRandomFileName());

    public IEnumerable<string> Digests() => Directory.Exists(Root)
        ? Directory.EnumerateDirectories(Root).Select(d => PackageDigest.FromFolderName(Path.GetFileName(d))).OfType<string>().Order(StringComparer.Ordinal)
        : [];

    /// <summary>Puts a complete, synced folder in its place; what was there before is removed.</summary>
    public void Put(string staged, string digest)
    {
        var place = Of(digest);
        if (Directory.Exists(place)) Take(place);
        Directory.Move(staged, place);
        DurableFolder.Sync(Root);
    }

    /// <summary>Out of sight first, in one step, then deleted: an interrupted removal leaves nothing that looks like a package.</summary>
    public void Remove(string digest)
    {
        Take(Of(digest));
        DurableFolder.Sync(Root);
    }

    /// <summary>What interrupted admissions and removals left.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(Root)) return;
        foreach (var folder in Directory.EnumerateDirectories(Root, ".*"))
        {
            var name = Path.GetFileName(folder);
            if (name.StartsWith(StagedPrefix, StringComparison.Ordinal) || name.StartsWith(RemovedPrefix, StringComparison.Ordinal)) Delete(folder);
        }
    }

    /// <summary>Deletes a folder whose own folders may not be written, as those of packages are.</summary>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder)) return;
        FolderRights.Set(folder, FolderRights.OwnerOnly);
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SafeWalk)) FolderRights.Set(inner, FolderRights.OwnerOnly);
        Directory.Delete(folder, recursive: true);
    }

    private static EnumerationOptions SafeWalk => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    private void Take(string folder)
    {
        var removed = Path.Combine(Root, RemovedPrefix + Path.GetRandomFileName());
        Directory.Move(folder, removed);
        Delete(removed);
    }
}
