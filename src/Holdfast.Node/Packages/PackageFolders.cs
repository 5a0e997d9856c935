namespace Holdfast.Node.Packages;

internal static class PackageFolders
{
    /// <summary>Every folder that these package paths lie in, parents before children, the root (<c>""</c>) first.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> paths)
    {
        SortedSet<string> folders = new(StringComparer.Ordinal) { "" };
        foreach (var path in paths)
        {
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) folders.Add(path[..slash]);
        }

        return [.. folders];
    }
}
