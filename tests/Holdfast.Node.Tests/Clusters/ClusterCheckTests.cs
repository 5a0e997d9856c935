using Holdfast.Core.Clusters;
using Holdfast.Core.Leadership;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Node.Clusters;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Storage.Etcd;

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
    public void The_fence_of_a_service_is_the_weakest_of_its_nodes_and_one_that_is_weaker_than_the_others_is_told()
    {
        var image = Guarded(new NodeWatchdog("/dev/watchdog", Ready: true, ""), null);
        var found = Assert.Single(ClusterCheck.FencesOf(image.Now));
        Assert.Equal(("fence", "warning"), (found.Subject, found.Verdict));
        Assert.StartsWith("ledger: kill-only, on node-2", found.What, StringComparison.Ordinal);
        Assert.EndsWith("on node-1 watchdog", found.What, StringComparison.Ordinal);

        image = Guarded(new NodeWatchdog("/dev/watchdog", Ready: true, ""), new NodeWatchdog("/dev/watchdog", Ready: true, ""));
        found = Assert.Single(ClusterCheck.FencesOf(image.Now));
        Assert.Equal("ok", found.Verdict);
        Assert.StartsWith("ledger: watchdog, on node-1", found.What, StringComparison.Ordinal);
    }

    /// <summary>patroni PR #452, #2396: what was asked for and is not there must be seen before it is needed.</summary>
    [Fact]
    public void A_node_whose_watchdog_cannot_be_had_leads_nothing_and_is_told()
    {
        var image = Guarded(new NodeWatchdog("/dev/watchdog", Ready: true, ""), new NodeWatchdog("/dev/watchdog", Ready: false, "held by another process"));
        var found = ClusterCheck.FencesOf(image.Now).ToList();
        Assert.Equal(("failed", "ok"), (found[0].Verdict, found[1].Verdict));
        Assert.StartsWith("node-2 leads nothing: its watchdog /dev/watchdog cannot be had: held by another process", found[0].What, StringComparison.Ordinal);
        Assert.StartsWith("ledger: watchdog, on node-1", found[1].What, StringComparison.Ordinal);

        var service = new ServiceRecord { Name = "ledger", Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = "x" };
        var view = LeadershipViews.Of(image.Now, service, image.Now.Placements.Find("ledger")!.Value, At);
        Assert.Null(view.Candidates.Single(c => c.Node == "node-1").Excluded);
        Assert.Contains("held by another process", view.Candidates.Single(c => c.Node == "node-2").Excluded, StringComparison.Ordinal);
    }

    private static readonly DateTimeOffset At = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static TestImage Guarded(NodeWatchdog? first, NodeWatchdog? second)
    {
        var image = new TestImage();
        foreach (var (name, watchdog) in new[] { ("node-1", first), ("node-2", second) })
        {
            image.Put(StateKeys.Node(name), new NodeRecord(name, "1", "linux-x64", At) { Watchdog = watchdog }, StateJson.Default.DocumentNodeRecord);
            image.Put(StateKeys.Presence(name), new Presence(name, 7, At), StateJson.Default.DocumentPresence);
        }

        image.Put(StateKeys.Placement("ledger"), new PlacementDocument("ledger", new PlacementSpec { Mode = PlacementMode.ActiveStandby }, ["node-1", "node-2"], "", At), StateJson.Default.DocumentPlacementDocument);
        return image;
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

    [Theory]
    [InlineData(1, true, "ok", "where 3 services are led, and the member witness none. If that machine is lost, nobody leads them for about 3 s longer", "it moves there by itself")]
    [InlineData(1, false, "warning", "where 3 services are led, and the member witness none", "gives every lease its whole time again")]
    [InlineData(2, true, "ok", "etcd's leader is on node-2, where no service is led", "")]
    [InlineData(3, true, "ok", "etcd's leader is the member witness, where no service is led", "")]
    public void Where_etcds_leader_is_and_what_that_costs_is_told(ulong leader, bool isManaged, string verdict, string says, string ends)
    {
        var found = Assert.Single(ClusterCheck.EtcdLeader(EtcdAt(leader), isManaged));
        Assert.Equal(("store", verdict), (found.Subject, found.Verdict));
        Assert.Contains(says, found.What, StringComparison.Ordinal);
        Assert.EndsWith(ends, found.What, StringComparison.Ordinal);
        if (verdict == "warning") Assert.Contains("etcdctl move-leader 3", found.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_etcd_whose_leader_is_nobody_knows_where_nothing_is_told()
    {
        Assert.Empty(ClusterCheck.EtcdLeader(EtcdAt(3), isManaged: false));
        var asked = EtcdAt(1);
        Assert.Empty(ClusterCheck.EtcdLeader(asked with { Members = [.. asked.Members.Take(2), asked.Members[2] with { IsHealthy = false }] }, isManaged: false));
        Assert.Empty(ClusterCheck.EtcdLeader(EtcdAt(0), isManaged: true));
        Assert.Empty(ClusterCheck.EtcdLeader(null, isManaged: true));
    }

    /// <summary>A member that a node names is on that node; one of somebody's own etcd is where only one node has its address.</summary>
    [Fact]
    public void A_member_is_known_by_its_node_or_its_address()
    {
        var image = new TestImage();
        image.Put(StateKeys.Node("node-1"), new NodeRecord("node-1", "1", "linux-x64", default) { Address = "10.0.0.1:7420", EtcdMember = "first" }, StateJson.Default.DocumentNodeRecord);
        image.Put(StateKeys.Node("node-2"), new NodeRecord("node-2", "1", "linux-x64", default) { Address = "10.0.0.2:7420" }, StateJson.Default.DocumentNodeRecord);
        foreach (var name in (string[])["node-3", "node-4"])
            image.Put(StateKeys.Node(name), new NodeRecord(name, "1", "linux-x64", default) { Address = "10.0.0.3:7420" }, StateJson.Default.DocumentNodeRecord);
        EtcdVoter[] members = [Voter(1, "first", "10.0.0.9"), Voter(2, "second", "10.0.0.2"), Voter(3, "third", "10.0.0.3"), Voter(4, "fourth", "10.0.0.1")];
        EtcdMemberState[] states = [new(new("https://10.0.0.9:2379")) { Id = 1, IsLeader = true, HasLeader = true, Applied = 7 }, new(new("https://10.0.0.2:2379")) { Id = 2, HasLeader = true, Errors = ["NOSPACE"] }];
        var world = EtcdLeaderLook.World(image.Now, members, states);
        Assert.Equal(["node-1", "node-2", null, null], world.Members.Select(member => member.Node));
        Assert.Equal([true, false, false, false], world.Members.Select(member => member.IsHealthy));
        Assert.Equal((1UL, 7UL), (world.Leader, world.Members[0].Applied));

        static EtcdVoter Voter(ulong id, string name, string host) => new(id, name, [], [$"https://{host}:2379"], IsLearner: false);
    }

    private static EtcdMemberFacts Member(ulong id, string name, string? node) => new(id, name, node) { IsHealthy = true, Applied = 7 };

    private static EtcdLeaderWorld EtcdAt(ulong leader) => new(
        leader,
        [Member(1, "node-1", "node-1"), Member(2, "node-2", "node-2"), Member(3, "witness", null)],
        new Dictionary<string, int> { ["node-1"] = 3 });

    private static Rpc.V1.ClusterFinding Find(PeerFacts facts, string subject) => Assert.Single(ClusterCheck.Peer(Second, facts), finding => finding.Subject == subject);
}
