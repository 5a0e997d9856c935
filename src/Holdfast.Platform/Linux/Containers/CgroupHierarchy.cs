using System.Globalization;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>A mounted cgroup tree: the unified one, or one of version 1 with its controllers. Found by its mount, wherever that is.</summary>
/// <param name="Mount">The folder it is mounted at.</param>
/// <param name="Own">The folder of the cgroup that this process is in, or that it was asked about.</param>
/// <param name="Controllers">Of version 1; empty for the unified tree.</param>
[SupportedOSPlatform("linux")]
internal sealed record CgroupHierarchy(string Mount, string Own, IReadOnlyList<string> Controllers)
{
    private const string Self = "self";

    /// <summary>Null where there is none.</summary>
    public static CgroupHierarchy? Unified() => Unified(Self);

    /// <summary>The version 1 tree with this controller; null where there is none.</summary>
    public static CgroupHierarchy? WithController(string controller) => FindAll(Self).FirstOrDefault(tree => tree.Controllers.Contains(controller));

    /// <summary>The folder of the cgroup that a process is in, in the unified tree as this process sees it; null where it is gone, or out of sight.</summary>
    public static string? FolderOf(int pid)
    {
        try
        {
            return Unified(pid.ToString(CultureInfo.InvariantCulture))?.Own;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static CgroupHierarchy? Unified(string process) => FindAll(process).FirstOrDefault(tree => tree.Controllers.Count == 0);

    private static List<CgroupHierarchy> FindAll(string process)
    {
        var own = PathsOf(process);
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

    /// <summary>By controller (the unified tree: the empty name) the path of the process's cgroup.</summary>
    private static Dictionary<string, string> PathsOf(string process)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines($"/proc/{process}/cgroup"))
        {
            var fields = line.Split(':', 3);
            foreach (var controller in fields[1].Split(','))
                paths[controller] = fields[2];
        }

        return paths;
    }

    // A mount may show only a part of the tree (a container's): a cgroup is in sight only if it is below that part.
    private static string? Below(string root, string path) =>
        path.StartsWith("/..", StringComparison.Ordinal) ? null
        : root == "/" ? path
        : path == root ? "/"
        : path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..]
        : null;
}
