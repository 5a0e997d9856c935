using Holdfast.Core.Placement;
using Holdfast.Core.Services;
using static Holdfast.Core.Tests.Placement.Cluster;

namespace Holdfast.Core.Tests.Placement;

public sealed class PlacementModeTests
{
    private static readonly PlacementSpec Everywhere = new() { Mode = PlacementMode.Everywhere };
    private static readonly PlacementSpec ActiveStandby = new() { Mode = PlacementMode.ActiveStandby };
    private static readonly IReadOnlyList<NodeFacts> Three = Nodes("n1", "n2", "n3");

    [Fact]
    public void Everywhere_is_every_node_that_is_alive_active_and_possible()
    {
        var nodes = Nodes("n1", "n2", "n3", "n4", "n5").With("n2", n => n.Drained()).With("n3", n => n.Quarantined()).With("n4", n => n.LostFor(1));
        var decision = Decide(Everywhere with { Possible = ["n1", "n2", "n3", "n4"] }, PlacementRecord.None, nodes);
        Assert.Equal(["n1"], decision.Placement.Nodes);
        Assert.Equal(["n2", "n3", "n4", "n5"], decision.Refusals.Keys.Order());
    }

    [Fact]
    public void Everywhere_leaves_what_is_lost_placed_so_that_it_goes_on_when_the_node_is_back()
    {
        var lost = Decide(Everywhere, On("n1", "n2", "n3"), Three.With("n2", n => n.LostFor(86400)));
        Assert.False(lost.Changes);
        Assert.Empty(lost.Refusals);
        Assert.Equal(0, lost.Missing);
        Assert.True(Decide(Everywhere, On("n1"), Nodes("n1").With("n1", n => n.LostFor(1))) is { Changes: false, Missing: 1 });
    }

    [Fact]
    public void Everywhere_leaves_a_drained_node_and_returns_to_it()
    {
        var drained = Decide(Everywhere, On("n1", "n2", "n3"), Three.With("n2", n => n.Drained()));
        Assert.Equal("it leaves n2: n2 is drained (new disks)", drained.Reason);
        Assert.Equal("it goes to n2", Decide(Everywhere, drained.Placement, Three).Reason);
    }

    [Fact]
    public void Active_standby_may_lead_on_all_that_can_have_it_the_preferred_first()
    {
        var decision = Decide(ActiveStandby with { Preferred = ["n3", "n2"] }, PlacementRecord.None, Three);
        Assert.Equal(["n3", "n2", "n1"], decision.Placement.Nodes);
    }

    [Fact]
    public void A_lost_node_stays_a_candidate_and_a_drained_one_does_not()
    {
        var decision = Decide(ActiveStandby, On("n1", "n2", "n3"), Three.With("n1", n => n.LostFor(86400)).With("n2", n => n.Drained()));
        Assert.Equal(["n1", "n3"], decision.Placement.Nodes);
        Assert.Equal(0, decision.Missing);
        Assert.Equal(1, Decide(ActiveStandby, On("n1"), Nodes("n1").With("n1", n => n.LostFor(1))).Missing);
    }

    [Fact]
    public void Where_something_avoided_runs_it_leads_last_of_all()
    {
        var spec = ActiveStandby with { Preferred = ["n1"], Avoid = ["reports"] };
        Assert.Equal(["n2", "n3", "n1"], Decide(spec, PlacementRecord.None, Three, Other("reports", "n1")).Placement.Nodes);
        Assert.Equal([0, 1, 1], Three.Select(node => Owners.Preference(spec, node.Name)));
        Assert.Equal([1, 0, 0], Three.Select(node => Owners.Avoided("orders", spec, node.Name, [Other("reports", "n1")])));
        Assert.Equal([2, 1, 1], Three.Select(node => Owners.Preference(spec, node.Name, avoided: node.Name == "n1")));
    }

    [Fact]
    public void Of_two_that_are_never_together_and_are_the_one_that_said_it_goes()
    {
        var batch = Other("batch", "n1") with { NeverWith = ["orders"] };
        // batch said it: orders stays, and does not go to where batch is.
        Assert.Null(Owners.Exclusion("orders", Replicas(1), Node("n1"), [batch], has: true));
        Assert.Equal("n1 has batch, which it is never with", Owners.Exclusion("orders", Replicas(1), Node("n1"), [batch], has: false));
        // Both said it: the later name goes.
        var both = Replicas(1) with { NeverWith = ["batch", "reports"] };
        Assert.NotNull(Owners.Exclusion("orders", both, Node("n1"), [batch], has: true));
        Assert.Null(Owners.Exclusion("orders", both, Node("n1"), [Other("reports", "n1") with { NeverWith = ["orders"] }], has: true));
    }
}
