namespace Holdfast.Core.Packages;

/// <summary>Finds paths that would be one file, or a file and a folder at once, on a file system that does not tell cases apart.</summary>
public static class PathCollisions
{
    /// <summary>Every path that collides with an earlier one, with that one.</summary>
    public static IReadOnlyList<(string Path, string With)> Find(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Dictionary<string, (string Spelling, bool IsFile)> seen = new(StringComparer.OrdinalIgnoreCase);
        List<(string, string)> collisions = [];
        foreach (var path in paths)
        {
            if (FolderCollision(path, seen) is { } other) collisions.Add((path, other));
            else if (!seen.TryAdd(path, (path, true))) collisions.Add((path, seen[path].Spelling));
        }

        return collisions;
    }

    private static string? FolderCollision(string path, Dictionary<string, (string Spelling, bool IsFile)> seen)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var folder = path[..slash];
            if (seen.TryAdd(folder, (folder, false))) continue;
            var (spelling, isFile) = seen[folder];
            if (isFile || !string.Equals(spelling, folder, StringComparison.Ordinal)) return spelling;
        }

        return null;
    }
}
