using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Platform.Linux.Births;
using Holdfast.Platform.Linux.Containers;

namespace Holdfast.Platform.Linux;

/// <summary>Chooses the best parts that this machine and this account allow.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxHostParts
{
    public static LinuxProcessHost Assemble(Home home, ProcessHostOptions options)
    {
        var (launcher, reason) = Launcher(options.Birth);
        return new(Containment(home, options.Containment), launcher, reason);
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

    internal static IContainment Containment(Home home, ContainmentKind? wanted)
    {
        var name = NameOf(home);
        if (wanted == ContainmentKind.Session)
            return new SessionContainment(name, "session containment was asked for");
        var places = CgroupPlace.Candidates();
        if (UsablePlace(places, name) is { } place)
        {
            var folder = FolderIn(place, name);
            return new CgroupContainment(folder, [.. places.Select(other => FolderIn(other, name))], Controllers.Find(place, folder));
        }

        var reason = places.Count == 0
            ? "no cgroup tree of version 2 is mounted here"
            : "this account may not make cgroups (run as root, or under systemd with Delegate=yes)";
        return wanted == ContainmentKind.Cgroup
            ? throw new PlatformNotSupportedException($"Cgroups cannot be used: {reason}.")
            : new SessionContainment(name, reason);
    }

    /// <summary>Whether this account may hold the home's processes by cgroups. Touches none that is in use.</summary>
    public static bool HoldsByCgroup(Home home) => UsablePlace(CgroupPlace.Candidates(), NameOf(home)) is not null;

    /// <summary>The best place in which the home's folder can be made, and is.</summary>
    private static string? UsablePlace(IReadOnlyList<string> places, string name) => places.FirstOrDefault(place =>
        CgroupFiles.MakeFolder(FolderIn(place, name)) == 0 && CgroupFiles.Write(FolderIn(place, name) + "/cgroup.max.descendants", "max") == 0);

    private static string FolderIn(string place, string name) => Path.Join(place, "holdfast-" + name);

    // A home's path may be long and hold anything; its digest is short and a good folder name.
    private static string NameOf(Home home) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home.Path)))[..12];
}
