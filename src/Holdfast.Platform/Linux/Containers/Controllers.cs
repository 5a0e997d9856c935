using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>The limits that this host can put on containers, and why not the others.</summary>
[SupportedOSPlatform("linux")]
internal sealed record Controllers(IReadOnlyList<ILimiter> Limiters, IReadOnlyList<string> Missing)
{
    /// <param name="parent">The cgroup that holds the home's folder.</param>
    /// <param name="folder">The home's folder in the unified tree.</param>
    public static Controllers Find(string parent, string folder)
    {
        var limiters = new List<ILimiter>();
        var missing = new List<string>();
        foreach (var kind in LimitKind.All)
        {
            var reason = Enable(parent, folder, kind.Controller);
            if (reason is null)
                limiters.Add(new UnifiedLimiter(kind));
            else if (Version1(kind, Path.GetFileName(folder)) is { } limiter)
                limiters.Add(limiter);
            else
                missing.Add($"{kind.Name}: {reason}");
        }

        return new(limiters, missing);
    }

    /// <summary>Null when the containers in the folder have the controller; else why not.</summary>
    private static string? Enable(string parent, string folder, string controller)
    {
        if (!Has(Path.Join(parent, "cgroup.controllers"), controller))
            return $"the {controller} controller is not delegated to this account, or not built into the kernel";
        var errno = CgroupFiles.Write(Path.Join(parent, "cgroup.subtree_control"), "+" + controller);
        if (errno == Errno.EBUSY && StepAside(parent))
            errno = CgroupFiles.Write(Path.Join(parent, "cgroup.subtree_control"), "+" + controller);
        if (errno == 0)
            errno = CgroupFiles.Write(Path.Join(folder, "cgroup.subtree_control"), "+" + controller);
        return errno == 0 ? null : $"the {controller} controller cannot be switched on below {parent}: {Errno.Describe(errno)}";
    }

    // A cgroup with processes of its own cannot share controllers out (the root alone can): we move to a leaf beside our containers.
    // It stays refused when others than us are in it.
    private static bool StepAside(string parent)
    {
        var leaf = Path.Join(parent, "holdfast-self");
        return CgroupFiles.MakeFolder(leaf) == 0
            && CgroupFiles.Write(Path.Join(leaf, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) == 0;
    }

    private static bool Has(string file, string controller) =>
        Encoding.ASCII.GetString(ProcFile.ReadAll(file)).Split([' ', '\n']).Contains(controller);

    private static Version1Limiter? Version1(LimitKind kind, string name)
    {
        if (CgroupHierarchy.WithController(kind.Controller) is not { } tree)
            return null;
        var folder = Path.Join(tree.Own, name);
        return CgroupFiles.MakeFolder(folder) == 0 ? new(kind, folder) : null;
    }
}
