namespace Holdfast.Node.Backups;

/// <summary>The files that an operator keeps in a folder of the home. A link to a file is that file; one to a folder is passed by.</summary>
internal static class HomeFiles
{
    private const string Unfinished = ".unfinished";

    /// <summary>Relative with forward slashes, and absolute; none where there is no folder.</summary>
    public static IEnumerable<(string Path, string Full)> Under(string folder, string prefix = "")
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is DirectoryInfo { LinkTarget: null })
            {
                foreach (var inner in Under(entry.FullName, prefix + entry.Name + "/"))
                    yield return inner;
            }
            else if (entry is FileInfo && !entry.Name.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                yield return (prefix + entry.Name, entry.FullName);
            }
        }
    }
}
