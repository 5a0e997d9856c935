using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Building;

/// <summary>
/// All files of a folder, sorted by path whatever order the file system gives. A link to a file of the same folder stands for that
/// file; any other link is a problem if it is packed, because what it means depends on the machine.
/// </summary>
internal sealed class FolderWalk
{
    private readonly string root;
    private readonly SortedDictionary<string, FoundFile> files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Problem> badLinks = new(StringComparer.Ordinal);

    private FolderWalk(string root) => this.root = root;

    public IReadOnlyCollection<FoundFile> Files => files.Values;

    /// <summary>By path: links that cannot be packed, and why.</summary>
    public IReadOnlyDictionary<string, Problem> BadLinks => badLinks;

    public static FolderWalk Of(string folder)
    {
        FolderWalk walk = new(Path.GetFullPath(folder));
        List<(string Path, FileInfo Link)> links = [];
        walk.Visit(new DirectoryInfo(walk.root), "", links);
        var real = walk.files.Values.ToDictionary(f => f.Source, StringComparer.Ordinal);
        foreach (var (path, link) in links) walk.AddLink(path, link, real);
        return walk;
    }

    private void Visit(DirectoryInfo folder, string prefix, List<(string, FileInfo)> links)
    {
        foreach (var item in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + item.Name;
            if (item.LinkTarget is not null)
            {
                if (item is FileInfo link) links.Add((path, link));
                else badLinks[path] = Bad(path, "it is a link to a folder", "put the files themselves there");
            }
            else if (item is DirectoryInfo inner)
            {
                Visit(inner, path + "/", links);
            }
            else
            {
                files[path] = new(path, item.FullName);
            }
        }
    }

    private void AddLink(string path, FileInfo link, Dictionary<string, FoundFile> real)
    {
        var target = Resolve(link);
        if (target is null) badLinks[path] = Bad(path, "it is a link that leads nowhere", "remove the link, or leave it out with 'files'");
        else if (real.TryGetValue(target, out var file)) files[path] = file with { Path = path };
        else badLinks[path] = Bad(path, "it is a link that leaves the folder", "copy the file itself into the folder");
    }

    private static string? Resolve(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? Path.GetFullPath(target.FullName) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Problem Bad(string path, string why, string mend) => new(ProblemKind.BadInput, "pack.link", $"{path} cannot be packed") { Why = why, Mend = mend };
}
