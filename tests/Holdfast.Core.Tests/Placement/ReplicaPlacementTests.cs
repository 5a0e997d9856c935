using Holdfast.Core.Placement;
using Holdfast.Core.Services;
using static Holdfast.Core.Tests.Placement.Cluster;

namespace Holdfast.Core.Tests.Placement;

public sealed class ReplicaPlacementTests
{
    private static readonly IReadOnlyList<NodeFacts> Four = Nodes("n1", "n2", "n3", "n4");

    [Fact]
    public void New_replicas_go_one_to_a_node_by_name_where_nothing_else_tells_nodes_apart()
    {
        var decision = Decide(Replicas(2), PlacementRecord.None, Four);
        Assert.Equal(["n1", "n2"], decision.Placement.Nodes);
        Assert.Equal("it goes to n1, n2", decision.Reason);
        Assert.Equal(0, decision.Missing);
    }

    [Fact]
    public void No_more_replicas_are_placed_than_there_are_nodes()
    {
        var decision = Decide(Replicas(5), On("n1", "n2"), Four);
        Assert.Equal(["n1", "n2", "n3", "n4"], decision.Placement.Nodes);
        Assert.Equal(1, decision.Missing);
        Assert.Equal("it goes to n3, n4; 1 of 5 replicas has no node that can have it", decision.Reason);
    }

    [Fact]
    public void What_is_right_stays_where_it_is_however_much_better_another_place_would_be()
    {
        var spec = Replicas(1) with { Preferred = ["n1"], Avoid = ["reports"] };
        var decision = Decide(spec, On("n4"), Four, Other("reports", "n4"), Other("billing", "n4"));
        Assert.Equal(["n4"], decision.Placement.Nodes);
        Assert.False(decision.Changes);
        Assert.Equal("it is where it should be", decision.Reason);
    }

    [Fact]
    public void A_node_that_was_away_and_is_back_within_the_time_keeps_its_replica()
    {
        var away = Decide(Replicas(2), On("n1", "n2"), Four.With("n2", n => n.LostFor(29)));
        Assert.False(away.Changes);
        Assert.Equal(Noon.AddSeconds(1), away.LookAgainAt);
        Assert.Equal("n2 has been lost since 2026-11-26 11:59:31Z and is waited for", away.Reason);
        Assert.False(Decide(Replicas(2), away.Placement, Four).Changes);
    }

    [Fact]
    public void A_node_that_has_been_lost_for_too_long_gives_its_replica_to_another()
    {
        var decision = Decide(Replicas(2), On("n1", "n2"), Four.With("n2", n => n.LostFor(30)));
        Assert.Equal(["n1", "n3"], decision.Placement.Nodes);
        Assert.Equal("it goes to n3; it leaves n2: n2 has been lost since 2026-11-26 11:59:30Z", decision.Reason);
        Assert.Null(decision.LookAgainAt);
        Assert.Equal("n2 has been lost since 2026-11-26 11:59:30Z", decision.Refusals["n2"]);
        // It does not come back for having come back.
        Assert.False(Decide(Replicas(2), decision.Placement, Four).Changes);
    }

    [Fact]
    public void How_long_a_lost_node_is_waited_for_is_the_services_own()
    {
        var lost = Four.With("n2", n => n.LostFor(60));
        Assert.False(Decide(Replicas(2) with { MoveAfter = TimeSpan.FromMinutes(5) }, On("n1", "n2"), lost).Changes);
        Assert.True(Decide(Replicas(2) with { MoveAfter = TimeSpan.Zero }, On("n1", "n2"), Four.With("n2", n => n.LostFor(0))).Changes);
    }

    [Fact]
    public void A_lost_node_keeps_what_no_other_can_have()
    {
        var decision = Decide(Replicas(2), On("n1", "n2"), Nodes("n1", "n2").With("n2", n => n.LostFor(3600)));
        Assert.Equal(["n1", "n2"], decision.Placement.Nodes);
        Assert.Equal(1, decision.Missing);
        Assert.StartsWith("it stays on n2, as no other node can have it: n2 has been lost since", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drained_node_gives_its_replica_to_another_at_once()
    {
        var decision = Decide(Replicas(1), On("n1"), Four.With("n1", n => n.Drained()));
        Assert.Equal(["n2"], decision.Placement.Nodes);
        Assert.Equal("it goes to n2; it leaves n1: n1 is drained (new disks)", decision.Reason);
        Assert.Equal("n1 is drained (new disks)", decision.Refusals["n1"]);
    }

    [Fact]
    public void A_drained_node_gives_its_replica_up_even_if_no_other_can_have_it()
    {
        var decision = Decide(Replicas(1) with { Possible = ["n1"] }, On("n1"), Four.With("n1", n => n.Drained()));
        Assert.Empty(decision.Placement.Nodes);
        Assert.Equal(1, decision.Missing);
        Assert.Contains("n1 gives it up all the same, though no other node can have it", decision.Reason, StringComparison.Ordinal);
        Assert.Equal("n2 is not a possible owner", decision.Refusals["n2"]);
    }

    [Fact]
    public void A_quarantined_node_gives_its_replica_to_another_but_keeps_what_no_other_can_have()
    {
        Assert.Equal(["n2"], Decide(Replicas(1), On("n1"), Four.With("n1", n => n.Quarantined())).Placement.Nodes);

        var alone = Decide(Replicas(1), On("n1"), Nodes("n1").With("n1", n => n.Quarantined()));
        Assert.Equal(["n1"], alone.Placement.Nodes);
        Assert.Equal(0, alone.Missing);
        Assert.Equal("it stays on n1, as no other node can have it: n1 is quarantined (lost 3 times)", alone.Reason);
    }

    [Fact]
    public void Nothing_new_goes_to_a_node_that_is_lost_drained_or_quarantined()
    {
        var nodes = Four.With("n1", n => n.LostFor(1)).With("n2", n => n.Drained()).With("n3", n => n.Quarantined());
        var decision = Decide(Replicas(4), PlacementRecord.None, nodes);
        Assert.Equal(["n4"], decision.Placement.Nodes);
        Assert.Equal(3, decision.Missing);
        Assert.Equal(["n1", "n2", "n3"], decision.Refusals.Keys.Order());
    }

    [Fact]
    public void Fewer_replicas_leave_lost_nodes_first_and_then_what_is_less_preferred()
    {
        var spec = Replicas(2) with { Preferred = ["n4"] };
        var decision = Decide(spec, On("n1", "n2", "n3", "n4"), Four.With("n1", n => n.LostFor(5)));
        Assert.Equal(["n4", "n2"], decision.Placement.Nodes);
        Assert.Equal("it leaves n1: fewer are wanted; it leaves n3: fewer are wanted", decision.Reason);
    }

    [Fact]
    public void A_node_that_left_the_cluster_has_nothing_any_more() =>
        Assert.Equal("it goes to n1; it leaves old: old is no node of the cluster any more", Decide(Replicas(1), On("old"), Four).Reason);

    [Fact]
    public void Replicas_are_spread_over_the_values_of_a_label_before_anything_else()
    {
        IReadOnlyList<NodeFacts> zones = [Node("n1", ("zone", "a")), Node("n2", ("zone", "a")), Node("n3", ("zone", "b")), Node("n4")];
        var spec = Replicas(2) with { Spread = "zone", Preferred = ["n1", "n2"] };
        Assert.Equal(["n1", "n3"], Decide(spec, PlacementRecord.None, zones).Placement.Nodes);
        Assert.Equal(["n1", "n3", "n4"], Decide(spec with { Replicas = 3 }, PlacementRecord.None, zones).Placement.Nodes);
        Assert.Equal(["n1", "n2", "n3", "n4"], Decide(spec with { Replicas = 4 }, PlacementRecord.None, zones).Placement.Nodes);
    }

    [Fact]
    public void What_is_avoided_comes_before_preference_preference_before_the_number_of_instances_and_that_before_the_name()
    {
        var spec = Replicas(1) with { Preferred = ["n1", "n2"], Avoid = ["reports"] };
        Assert.Equal(["n1"], Decide(spec, PlacementRecord.None, Four, Other("billing", "n1")).Placement.Nodes);
        Assert.Equal(["n2"], Decide(spec, PlacementRecord.None, Four, Other("reports", "n1"), Other("billing", "n2")).Placement.Nodes);
        Assert.Equal(["n3"], Decide(Replicas(1), PlacementRecord.None, Four, Other("billing", "n1", "n2"), Other("reports", "n4")).Placement.Nodes);
    }

    [Fact]
    public void What_another_service_avoids_is_avoided_as_well() =>
        Assert.Equal(["n2"], Decide(Replicas(1), PlacementRecord.None, Nodes("n1", "n2"), Other("reports", "n1") with { Avoid = ["orders"] }, Other("billing", "n2")).Placement.Nodes);

    [Fact]
    public void What_is_avoided_does_not_keep_it_from_running() =>
        Assert.Equal(["n1"], Decide(Replicas(1) with { Avoid = ["reports"] }, PlacementRecord.None, Nodes("n1"), Other("reports", "n1")).Placement.Nodes);

    [Fact]
    public void What_it_is_never_with_does_keep_it_from_running()
    {
        var decision = Decide(Replicas(1) with { NeverWith = ["batch"] }, On("n1"), Nodes("n1"), Other("batch", "n1"));
        Assert.Empty(decision.Placement.Nodes);
        Assert.Equal("it leaves n1: n1 has batch, which it is never with; 1 of 1 replicas has no node that can have it", decision.Reason);
    }

    [Fact]
    public void Only_nodes_with_all_labels_have_it()
    {
        IReadOnlyList<NodeFacts> nodes = [Node("n1"), Node("n2", ("zone", "b")), Node("n3", ("zone", "a"), ("disk", "fast"))];
        var decision = Decide(Replicas(3) with { Labels = new Dictionary<string, string> { ["zone"] = "a" } }, On("n2"), nodes);
        Assert.Equal(["n3"], decision.Placement.Nodes);
        Assert.Equal("n1 has no label zone", decision.Refusals["n1"]);
        Assert.Equal("n2 has zone=b, not a", decision.Refusals["n2"]);
    }
}
