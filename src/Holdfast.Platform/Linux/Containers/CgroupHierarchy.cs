using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>A mounted cgroup tree: the unified one, or one of version 1 with its controllers. Found by its mount, wherever that is.</summary>
/// <param name="Mount">The folder it is mounted at.</param>
/// <param name="Own">The folder of the cgroup that this process is in.</param>
/// <param name="Controllers">Of version 1; empty for the unified tree.</param>
[SupportedOSPlatform("linux")]
internal sealed record CgroupHierarchy(string Mount, string Own, IReadOnlyList<string> Controllers)
{
    /// <summary>Null where there is none.</summary>
    public static CgroupHierarchy? Unified() => FindAll().FirstOrDefault(tree => tree.Controllers.Count == 0);

    /// <summary>The version 1 tree with this controller; null where there is none.</summary>
    public static CgroupHierarchy? WithController(string controller) => FindAll().FirstOrDefault(tree => tree.Controllers.Contains(controller));

    private static List<CgroupHierarchy> FindAll()
    {
        var own = OwnPaths();
        var trees = new List<CgroupHierarchy>();
        // number parent device root mount-point options … - type source super-options
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            var halves = line.Split(" - ", 2);
            var (left, right) = (halves[0].Split(' '), halves[^1].Split(' '));
            if (left.Length < 5 || right.Length < 3 || right[0] is not ("cgroup" or "cgroup2"))
                continue;
            var mount = left[4].Replace(@"\040", " ", StringComparison.Ordinal);
            string[] controllers = right[0] == "cgroup2" ? [] : [.. right[2].Split(',').Where(own.ContainsKey)];
            var key = controllers.Length > 0 ? controllers[0] : "";
            if ((right[0] == "cgroup2" || controllers.Length > 0) && own.TryGetValue(key, out var path) && Below(left[3], path) is { } relative)
                trees.Add(new(mount, Path.Join(mount, relative).TrimEnd('/'), controllers));
        }

        return trees;
    }

    /// <summary>By controller (the unified tree: the empty name) the path of our cgroup.</summary>
    private static Dictionary<string, string> OwnPaths()
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            var fields = line.Split(':', 3);
            foreach (var controller in fields[1].Split(','))
                paths[controller] = fields[2];
        }

        return paths;
    }

    // A mount may show only a part of the tree (a container's): our cgroup is in sight only if it is below that part.
    private static string? Below(string root, string path) =>
        path.StartsWith("/..", StringComparison.Ordinal) ? null
        : root == "/" ? path
        : path == root ? "/"
        : path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..]
        : null;
}
