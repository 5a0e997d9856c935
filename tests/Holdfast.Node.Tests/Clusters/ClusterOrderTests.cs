using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What is asked for who begins a cluster.</summary>
public sealed class ClusterOrderTests
{
    private static readonly ClusterOrder good = new()
    {
        Home = new("/nowhere"), Name = "prod", Etcd = ["https://etcd-1:2379", "https://etcd-2:2379/"], Node = "node-1", Host = "host-1", Address = "node-1.bank.example:7420", Labels = ["zone=a", "disk="],
    };

    [Fact]
    public void It_becomes_the_file_of_the_node()
    {
        var file = good.Check().Value;
        Assert.Equal(("prod", "node-1", 5, "node-1.bank.example:7420"), (file.Name, file.Node, file.LeaseSeconds, file.Address));
        Assert.Equal(["https://etcd-1:2379", "https://etcd-2:2379"], file.Etcd);
        Assert.Equal([new("disk", ""), new("zone", "a")], file.Labels);
        Assert.Null(file.Member);
    }

    [Fact]
    public void Law08_all_that_is_wrong_is_said_at_once()
    {
        var wrong = good with { Name = "Prod", Node = "Node 1", Etcd = ["etcd-1:2379", "ftp://etcd-2"], Lease = TimeSpan.FromSeconds(1.5), Address = "node-1", Labels = ["zone"] };
        string[] expected = ["cluster.name", "cluster.node", "lease.length", "lease.length", "cluster.address", "cluster.label", "cluster.etcd", "cluster.etcd"];
        Assert.Equal(expected, wrong.Check().Problems.Select(p => p.Rule));
        Assert.All(wrong.Check().Problems, p => Assert.Equal((ProblemKind.BadInput, false), (p.Kind, string.IsNullOrEmpty(p.Mend))));
    }

    [Fact]
    public void A_certificate_is_not_shown_where_nothing_is_encrypted()
    {
        Assert.Equal("cluster.etcd", Assert.Single((good with { Etcd = ["http://etcd-1:2379"], EtcdIdentity = "/etc/etcd.pem" }).Check().Problems).Rule);
    }

    [Fact]
    public void A_watchdog_that_could_not_be_armed_is_refused_before_anything_is_begun()
    {
        Assert.Null(good.Check().Value.Watchdog);
        Assert.Equal(OperatingSystem.IsWindows() ? "watchdog.here" : "cluster.watchdog", Assert.Single((good with { Watchdog = "watchdog" }).Check().Problems).Rule);
        Assert.Equal(OperatingSystem.IsWindows() ? "watchdog.here" : "watchdog.none", Assert.Single((good with { Watchdog = "/dev/null" }).Check().Problems).Rule);
        // The settings of a node survive what else is written into its file.
        var file = good.Check().Value with { Watchdog = "/dev/watchdog1" };
        Assert.Equal("/dev/watchdog1", ClusterFile.Parse(file.ToBytes(), "it").Value!.Watchdog);
    }

    [Fact]
    public void A_node_that_runs_a_member_is_called_as_other_nodes_call_it()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = (good with { Etcd = [ClusterOrder.Managed] }).Check().Value;
        Assert.Equal(["https://node-1.bank.example:2379"], file.Etcd);
        var member = file.Member!;
        Assert.Equal(("node-1", "node-1.bank.example:2379", "node-1.bank.example:2380", true), (member.Name, member.ClientAddress, member.PeerAddress, member.IsNew));
        Assert.Equal([new("node-1", "https://node-1.bank.example:2380")], member.Peers);
        Assert.Equal("https://host-1:2379", (good with { Etcd = [ClusterOrder.Managed], Address = "" }).Check().Value.Etcd[0]);
        Assert.Equal("cluster.etcd-port", Assert.Single((good with { Etcd = [ClusterOrder.Managed], EtcdPeerPort = 2379 }).Check().Problems).Rule);
    }
}
