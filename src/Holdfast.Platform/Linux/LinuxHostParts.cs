using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Births;
using Holdfast.Platform.Linux.Containers;

namespace Holdfast.Platform.Linux;

/// <summary>Chooses the best parts that this machine and this account allow.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxHostParts
{
    public static LinuxProcessHost Assemble(SupervisorPlace place, ProcessHostOptions options)
    {
        var (launcher, reason) = Launcher(options.Birth);
        return new(Containment(place, options.Containment), launcher, reason, options.OneThread);
    }

    public static (ILauncher Launcher, string? Reason) Launcher(BirthWay? wanted)
    {
        if (wanted == BirthWay.Shell)
            return (new ShellLauncher(), "it was asked for");
        if (NativeLauncher.TryCreate(out var native, out var reason))
            return (native, null);
        return wanted == BirthWay.Native
            ? throw new PlatformNotSupportedException($"The native launcher cannot be used: {reason}.")
            : (new ShellLauncher(), reason);
    }

    internal static IContainment Containment(SupervisorPlace place, ContainmentKind? wanted)
    {
        var name = place.ContainersName;
        if (wanted == ContainmentKind.Session)
            return new SessionContainment(name, "session containment was asked for");
        var candidates = CgroupPlace.Candidates();
        if (Usable(candidates, name) is { } parent)
        {
            var folder = FolderIn(parent, name);
            return new CgroupContainment(folder, [.. candidates.Select(other => FolderIn(other, name))], Controllers.Find(parent, folder));
        }

        var reason = candidates.Count == 0
            ? "no cgroup tree of version 2 is mounted here"
            : "this account may not make cgroups (run as root, or under systemd with Delegate=yes)";
        return wanted == ContainmentKind.Cgroup
            ? throw new PlatformNotSupportedException($"Cgroups cannot be used: {reason}.")
            : new SessionContainment(name, reason);
    }

    /// <summary>Whether this account may hold a supervisor's processes by cgroups. Touches none that is in use.</summary>
    public static bool HoldsByCgroup(SupervisorPlace place) => Usable(CgroupPlace.Candidates(), place.ContainersName) is not null;

    /// <summary>The best cgroup in which the supervisor's folder can be made, and is.</summary>
    private static string? Usable(IReadOnlyList<string> parents, string name) => parents.FirstOrDefault(parent =>
        CgroupFiles.MakeFolder(FolderIn(parent, name)) == 0 && CgroupFiles.Write(FolderIn(parent, name) + "/cgroup.max.descendants", "max") == 0);

    private static string FolderIn(string parent, string name) => Path.Join(parent, "holdfast-" + name);
}
