using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>
/// Where a home's cgroups may be: in our own cgroup where that was handed to us (systemd's Delegate=yes), at the root of the tree for
/// root, so that the next supervisor finds them whatever session started it, and else wherever we may make one.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class CgroupPlace
{
    /// <summary>Every place that may hold the home's folder, best first; empty without a unified tree.</summary>
    public static IReadOnlyList<string> Candidates()
    {
        if (CgroupHierarchy.Unified() is not { } tree)
            return [];
        string[] places = IsDelegated(tree.Own) || !Environment.IsPrivilegedProcess ? [tree.Own, tree.Mount] : [tree.Mount, tree.Own];
        return [.. places.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>systemd marks what it delegates.</summary>
    private static bool IsDelegated(string folder) => HasMark(folder, "trusted.delegate") || HasMark(folder, "user.delegate");

    private static bool HasMark(string folder, string name)
    {
        byte mark;
        return Libc.GetAttribute(folder, name, &mark, 1) == 1 && mark == (byte)'1';
    }
}
