using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Nodes;

public sealed partial class TestNode
{
    /// <summary>Takes the cgroups away from what it starts, which is not hard for root: it unmounts them for itself alone.</summary>
    private const string WithoutCgroups = """
        awk '$3 == "cgroup2" { print $2 }' /proc/mounts | while read -r folder; do umount -l "$folder" || exit 1; done
        exec "$0" "$@"
        """;

    /// <summary>A node of root where no cgroups are to be had, as in some containers.</summary>
    public static Task<TestNode> StartWithoutCgroupsAsync()
    {
        var node = Create();
        node.holdfast = ["unshare", "--mount", "--", "sh", "-c", WithoutCgroups, Programs.Holdfast];
        return StartAsync(node);
    }

    /// <summary>What holds this node's processes together, by what its supervisor has said at its start.</summary>
    public ContainmentKind Containment => File.ReadAllText(new SupervisorPlace(new Home(Home)).Log).Contains("not enforced here: law 2", StringComparison.Ordinal)
        ? ContainmentKind.Session
        : ContainmentKind.Cgroup;
}
