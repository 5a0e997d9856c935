using Holdfast.Core.Problems;
using Holdfast.Node.Clusters;
using Holdfast.Node.Packages;

namespace Holdfast.Node.Tests.Clusters;

/// <summary>What the validation report says of another node.</summary>
public sealed class ClusterCheckTests
{
    private const long Gigabyte = 1_000_000_000;
    private static readonly PeerAddress Second = new("node-2", "10.0.0.2:7420");

    [Theory]
    [InlineData(0.4, "ok")]
    [InlineData(-1.5, "warning")]
    [InlineData(31, "failed")]
    public void A_clock_that_is_off_is_told(double seconds, string verdict)
    {
        var clock = Find(new PeerFacts(TimeSpan.FromSeconds(seconds), TimeSpan.FromMilliseconds(4), 100 * Gigabyte, 50 * Gigabyte), "clocks");
        Assert.Equal(verdict, clock.Verdict);
        Assert.Contains(seconds < 0 ? "1.5 s behind" : "ahead of this node's (to 2.0 ms)", clock.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, "ok")]
    [InlineData(9, "warning")]
    [InlineData(0.4, "failed")]
    public void A_disk_that_is_full_is_told(double gigabytes, string verdict)
    {
        var disk = Find(new PeerFacts(TimeSpan.Zero, TimeSpan.FromMilliseconds(4), 100 * Gigabyte, (long)(gigabytes * Gigabyte)), "disks");
        Assert.Equal(verdict, disk.Verdict);
        Assert.Contains("of 100 GB free", disk.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_is_not_reached_is_told_with_the_reason()
    {
        var found = Assert.Single(ClusterCheck.Peer(Second, new Problem(ProblemKind.Unavailable, "x", "connection refused")));
        Assert.Equal(("network", "failed"), (found.Subject, found.Verdict));
        Assert.Contains("node-2 (10.0.0.2:7420): connection refused", found.What, StringComparison.Ordinal);
    }

    private static Rpc.V1.ClusterFinding Find(PeerFacts facts, string subject) => Assert.Single(ClusterCheck.Peer(Second, facts), finding => finding.Subject == subject);
}
