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

    private static IContainment Containment(Home home, ContainmentKind? wanted)
    {
        var name = NameOf(home);
        if (wanted == ContainmentKind.Session)
            return new SessionContainment(name, "session containment was asked for");
        var places = CgroupPlace.Candidates();
        foreach (var place in places)
        {
            var folder = Path.Join(place, "holdfast-" + name);
            if (CgroupFiles.MakeFolder(folder) != 0 || CgroupFiles.Write(folder + "/cgroup.max.descendants", "max") != 0)
                continue;
            return new CgroupContainment(folder, [.. places.Select(other => Path.Join(other, "holdfast-" + name))], Controllers.Find(place, folder));
        }

        var reason = places.Count == 0
            ? "no cgroup tree of version 2 is mounted here"
            : "this account may not make cgroups (run as root, or under systemd with Delegate=yes)";
        return wanted == ContainmentKind.Cgroup
            ? throw new PlatformNotSupportedException($"Cgroups cannot be used: {reason}.")
            : new SessionContainment(name, reason);
    }

    // A home's path may be long and hold anything; its digest is short and a good folder name.
    private static string NameOf(Home home) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home.Path)))[..12];
}
