using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>How nodes are powered off, as an administrator writes it down.</summary>
public sealed class FencingFileTests
{
    private const string Head = "apiVersion: holdfast/v1\nkind: Fencing\n";

    [Fact]
    public void A_nodes_own_command_comes_before_the_one_for_all_and_the_name_is_put_in()
    {
        if (OperatingSystem.IsWindows()) return;
        var rules = Law.Ok(FencingFile.Parse(
            Head + """
            nodes:
              - node: "*"
                command: [/usr/bin/ipmitool, -H, "{node}-bmc", chassis, power, off]
                confirm: [/usr/local/sbin/is-off, "{node}"]
                within: 90s
              - {node: node-3, command: [/usr/bin/virsh, destroy, n3]}
            automaticAfter: 2s
            """,
            "fencing.yaml"));
        var any = rules.For("node-2")!;
        Assert.Equal(["/usr/bin/ipmitool", "-H", "node-2-bmc", "chassis", "power", "off"], any.Command);
        Assert.Equal(["/usr/local/sbin/is-off", "node-2"], any.Confirm);
        Assert.Equal((TimeSpan.FromSeconds(90), "node-2", TimeSpan.FromSeconds(2)), (any.Within, any.Node, rules.AutomaticAfter));
        var own = rules.For("node-3")!;
        Assert.Equal(["/usr/bin/virsh", "destroy", "n3"], own.Command);
        Assert.Empty(own.Confirm);
        Assert.Equal(FenceCommand.UsuallyWithin, own.Within);
        Assert.Null((rules with { Nodes = [own] }).For("node-2"));
    }

    [Fact]
    public void Law08_all_that_is_wrong_is_said_at_once()
    {
        if (OperatingSystem.IsWindows()) return;
        var wrong = FencingFile.Parse(
            """
            apiVersion: holdfast/v1
            kind: Fence
            nodes:
              - {node: "Node 2", command: [ipmitool]}
              - {node: node-3, within: 20m, confirm: ["/usr/bin/{node}"]}
              - {node: node-4, command: [/bin/true], comand: []}
              - {node: node-4, command: [/bin/true]}
            automaticAfter: 10ms
            """,
            "fencing.yaml").Problems;
        Assert.Equal(
            ["policy.command", "policy.command", "policy.kind", "policy.missing-key", "policy.node", "policy.time", "policy.time", "policy.twice", "policy.unknown-key"],
            wrong.Select(problem => problem.Rule).Order(StringComparer.Ordinal));
        Assert.All(wrong, problem => Assert.True(problem.Where?.Line > 0));
    }

    [Fact]
    public void What_others_can_write_is_not_believed_and_where_there_is_nothing_nobody_is_fenced()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cluster = new ClusterHome();
        Assert.Empty(Law.Ok(FencingFile.Read(cluster.Home)).Nodes);
        var file = FencingFile.Of(cluster.Home);
        File.WriteAllText(file, Head + "nodes: [{node: \"*\", command: [/bin/true]}]");
        Assert.NotNull(Law.Ok(FencingFile.Read(cluster.Home)).For("node-2"));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Equal(ProblemKind.Refused, Law.Refused(FencingFile.Read(cluster.Home), "fence.file-open").Kind);
    }
}
