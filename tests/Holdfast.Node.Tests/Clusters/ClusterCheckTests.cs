using Holdfast.Core.Leadership;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.Packages;
using Holdfast.Node.State;

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

    [Fact]
    public void What_a_lost_node_would_take_with_it_is_asked_of_the_decisions_about_placement()
    {
        var now = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        var image = new TestImage();
        foreach (var name in (string[])["node-1", "node-2"])
        {
            image.Put(StateKeys.Node(name), new NodeRecord(name, "1", "linux-x64", now), StateJson.Default.DocumentNodeRecord);
            image.Put(StateKeys.Presence(name), new Presence(name, 7, now), StateJson.Default.DocumentPresence);
        }

        image.Put(StateKeys.Placement("batch"), new PlacementDocument("batch", new PlacementSpec { Possible = ["node-1"] }, ["node-1"], "", now), StateJson.Default.DocumentPlacementDocument);
        image.Put(StateKeys.Placement("web"), new PlacementDocument("web", new PlacementSpec(), ["node-1"], "", now), StateJson.Default.DocumentPlacementDocument);
        var found = ClusterCheck.WhatIf(image.Now, now).Select(finding => (finding.Verdict, finding.What)).ToList();
        Assert.Contains(("warning", "without node-1: batch has nowhere to go: node-2 is not a possible owner"), found);
        Assert.Contains(("ok", "without node-1: web moves to node-2"), found);
        Assert.DoesNotContain(found, one => one.What.StartsWith("without node-2: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_something_runs_that_it_avoids_a_service_leads_last_of_all()
    {
        var now = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        var image = new TestImage();
        foreach (var name in (string[])["node-1", "node-2"]) image.Put(StateKeys.Presence(name), new Presence(name, 7, now), StateJson.Default.DocumentPresence);
        var service = new ServiceRecord { Name = "orders", Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = "x" };
        var placed = new PlacementDocument("orders", new PlacementSpec { Mode = PlacementMode.ActiveStandby, Preferred = ["node-1"], Avoid = ["batch"] }, ["node-1", "node-2"], "", now);
        Assert.Equal("node-1", CandidateRanking.Rank(LeadershipViews.Of(image.Now, service, placed, now).Candidates)[0].Node);
        Assert.Equal("node-2", CandidateRanking.Rank(LeadershipViews.Of(image.Now, service, placed with { Avoided = ["node-1"] }, now).Candidates)[0].Node);
    }

    private static Rpc.V1.ClusterFinding Find(PeerFacts facts, string subject) => Assert.Single(ClusterCheck.Peer(Second, facts), finding => finding.Subject == subject);
}
